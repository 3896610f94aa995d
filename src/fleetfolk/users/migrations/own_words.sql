-- What searches find of the values of an organization's own fields: those of fields that are searchable, not archived,
-- and of an organization above the person. A value as it is typed without a space is found as a whole: what is typed as
-- 12-345 is looked for as 12345, so digits that stand apart are kept joined, too.
CREATE FUNCTION users_own_words(custom jsonb, reach bigint[]) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT string_agg(concat_ws(' ', words, nullif(regexp_replace(words, '(\d) (?=\d)', '\1', 'g'), words)),
                      ' ' ORDER BY position, id)
    FROM (SELECT f.position, f.id, nullif(fold(v.value), '') AS words
          FROM jsonb_each_text(custom) v
          JOIN organizations_customfield f ON f.id = v.key::bigint
          WHERE f.searchable AND f.retired_at IS NULL AND f.organization_id = ANY(reach)) said
$$;

-- As before (directory.sql), with what the organization's own fields say behind everything else. An index holds no row
-- of more than 2,704 bytes, and one carries search_text: what is beyond 2,000 bytes is cut from the own fields.
CREATE OR REPLACE FUNCTION users_user_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    email_words text := fold(NEW.email);
    own_words text;
BEGIN
    SELECT o.path, string_to_array(rtrim(o.path, '.'), '.')::bigint[], fold(o.name), fold(r.name), coalesce(fold(l.name), '')
    INTO STRICT NEW.path, NEW.reach, NEW.organization_key, NEW.role_key, NEW.location_key
    FROM organizations_organization o
    JOIN access_role r ON r.id = NEW.role_id
    LEFT JOIN organizations_location l ON l.id = NEW.location_id
    WHERE o.id = NEW.organization_id;
    -- Somebody who was only invited by e-mail has no name yet and is listed by e-mail.
    NEW.name_key := coalesce(nullif(fold(NEW.first_name || ' ' || NEW.last_name), ''), email_words);
    NEW.search_text := concat_ws(' ', '', NEW.name_key, email_words, nullif(phone_digits(NEW.phone), ''),
                                 NEW.role_key, nullif(NEW.location_key, ''), NEW.organization_key);
    IF NEW.custom <> '{}' AND jsonb_typeof(NEW.custom) = 'object' THEN
        own_words := users_own_words(NEW.custom, NEW.reach);
        IF own_words IS NOT NULL THEN
            NEW.search_text := concat_ws(' ', NEW.search_text, rtrim(left(
                own_words,
                greatest(0, 2000 - octet_length(NEW.search_text))
                    / CASE WHEN octet_length(own_words) = length(own_words) THEN 1 ELSE 4 END)));
        END IF;
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER users_user_keys ON users_user;
CREATE TRIGGER users_user_keys
    BEFORE INSERT OR UPDATE OF first_name, last_name, email, phone, role_id, location_id, organization_id, custom
    ON users_user
    FOR EACH ROW EXECUTE FUNCTION users_user_keys();

-- One slice of the people below the organization of a field, in order of path and id from a place on: whoever has a
-- value in the field is written again through the trigger above, and the place of the last one comes back; null at the
-- end. Each slice is a transaction of its own, so that nobody waits for more than a few thousand rows.
CREATE FUNCTION users_follow_field(field bigint, after_path text, after_id bigint, slice integer,
                                   OUT last_path text, OUT last_id bigint) LANGUAGE plpgsql AS $$
DECLARE
    top_tenant bigint;
    top_path text;
    ids bigint[];
BEGIN
    SELECT o.tenant_id, o.path INTO top_tenant, top_path
    FROM organizations_customfield f JOIN organizations_organization o ON o.id = f.organization_id WHERE f.id = field;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT array_agg(s.id ORDER BY s.path, s.id), (array_agg(s.path ORDER BY s.path DESC, s.id DESC))[1]
    INTO ids, last_path
    FROM (SELECT u.id, u.path FROM users_user u
          WHERE u.tenant_id = top_tenant AND u.path >= top_path AND u.path < left(top_path, -1) || '/'
            AND (u.path, u.id) > (after_path, after_id)
          ORDER BY u.path, u.id LIMIT slice) s;
    last_id := ids[array_length(ids, 1)];
    -- Locked in order of id, as all bulk runs over people do, so that two of them queue instead of deadlocking.
    WITH locked AS MATERIALIZED (
        SELECT u.id FROM users_user u WHERE u.id = ANY(ids) AND u.custom ? field::text
        ORDER BY u.id FOR NO KEY UPDATE)
    UPDATE users_user u SET custom = u.custom FROM locked WHERE u.id = locked.id;
END $$;
