-- fold(x): what people type and what is stored meet in this form. Lower case, no accents, every run of anything
-- that is neither letter nor digit one space; each ideograph and kana is a word of its own, because Chinese and
-- Japanese names are written without spaces (a search for 美咲 must find 佐藤美咲).
-- The collation is named, so the result does not depend on the database's locale.
CREATE FUNCTION fold_letters(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(regexp_replace(
    translate(
        replace(replace(replace(
            normalize(
                casefold(
                    -- Latin, Greek and Cyrillic accents, Arabic vowel signs and tatweel, Hebrew points
                    regexp_replace(normalize(value, NFKD), '[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670]+', '', 'g')
                    COLLATE pg_unicode_fast),
                NFKC),
            'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
        'łøđðħŧı', 'loddhti'),
    '([\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g'),
    '[^[:alnum:]]+' COLLATE pg_unicode_fast, ' ', 'g'));

-- Nine of ten values are plain ASCII: the short way costs a third.
CREATE FUNCTION fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
    WHEN octet_length(value) = length(value)
    THEN btrim(regexp_replace(lower(value COLLATE "C"), '[^a-z0-9]+' COLLATE "C", ' ', 'g'))
    ELSE fold_letters(value)
END;

-- The digits of a phone as somebody would type them: international (4915112345) and national (015112345).
-- ITU-T E.164 calling codes are one digit (1, 7), two (the list) or three (all others).
CREATE FUNCTION phone_digits(phone text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN phone = '' THEN '' ELSE
    ltrim(phone, '+') || ' 0' || regexp_replace(ltrim(phone, '+'),
        '^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})', '')
END;

-- BEFORE INSERT or UPDATE of a source column: the copies a page sorts by and searches in are right in the row itself,
-- so that one index answers each page. Updates of other columns (a sign-in, a password) do not come here.
-- reach holds the ids of the organizations from the root to the home: "this branch with all below" is reach @> {id}.
CREATE FUNCTION users_user_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    email_words text := fold(NEW.email);
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
    RETURN NEW;
END $$;

CREATE TRIGGER users_user_keys
    BEFORE INSERT OR UPDATE OF first_name, last_name, email, phone, role_id, location_id, organization_id ON users_user
    FOR EACH ROW EXECUTE FUNCTION users_user_keys();

-- A renamed role, location or organization, or one that moved in the tree: its people are written again, all in one
-- statement, through the trigger above, so that there is one place that knows how the copies are made.
-- Statement triggers with transition tables: moving a branch changes 10,000 paths in one UPDATE.
CREATE FUNCTION users_follow_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users_user u SET role_id = u.role_id
    FROM changed JOIN before USING (id)
    WHERE u.role_id = changed.id AND changed.name IS DISTINCT FROM before.name;
    RETURN NULL;
END $$;
CREATE TRIGGER users_follow_role AFTER UPDATE ON access_role
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION users_follow_role();

CREATE FUNCTION users_follow_location() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users_user u SET location_id = u.location_id
    FROM changed JOIN before USING (id)
    WHERE u.location_id = changed.id AND changed.name IS DISTINCT FROM before.name;
    RETURN NULL;
END $$;
CREATE TRIGGER users_follow_location AFTER UPDATE ON organizations_location
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION users_follow_location();

CREATE FUNCTION users_follow_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE users_user u SET organization_id = u.organization_id
    FROM changed JOIN before USING (id)
    WHERE u.organization_id = changed.id AND (changed.name, changed.path) IS DISTINCT FROM (before.name, before.path);
    RETURN NULL;
END $$;
CREATE TRIGGER users_follow_organization AFTER UPDATE ON organizations_organization
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION users_follow_organization();

-- Tags: the folded names of a user's tags in order, to sort by. A new user has none.
CREATE FUNCTION users_set_tags(user_ids bigint[]) RETURNS void LANGUAGE sql AS $$
    -- Locked in order of id first, so that two bulk runs over the same people queue instead of deadlocking.
    WITH locked AS MATERIALIZED (
        SELECT id FROM users_user WHERE id = ANY(user_ids) ORDER BY id FOR NO KEY UPDATE),
    wanted AS (
        SELECT locked.id, coalesce(
            (SELECT string_agg(fold(t.name), ' ' ORDER BY fold(t.name) COLLATE "C", t.id)
             FROM users_usertag ut JOIN organizations_tag t ON t.id = ut.tag_id WHERE ut.user_id = locked.id), '') AS tags_key
        FROM locked)
    UPDATE users_user u SET tags_key = wanted.tags_key
    FROM wanted WHERE u.id = wanted.id AND u.tags_key IS DISTINCT FROM wanted.tags_key
$$;

CREATE FUNCTION users_usertag_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM users_set_tags((SELECT array_agg(DISTINCT user_id) FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER users_usertag_added AFTER INSERT ON users_usertag
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION users_usertag_changed();
CREATE TRIGGER users_usertag_removed AFTER DELETE ON users_usertag
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION users_usertag_changed();

CREATE FUNCTION users_follow_tag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM users_set_tags((
        SELECT array_agg(DISTINCT ut.user_id)
        FROM changed JOIN before USING (id) JOIN users_usertag ut ON ut.tag_id = changed.id
        WHERE changed.name IS DISTINCT FROM before.name));
    RETURN NULL;
END $$;
CREATE TRIGGER users_follow_tag AFTER UPDATE ON organizations_tag
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION users_follow_tag();

-- One b-tree for each sort: the page is a walk along it, both directions, id breaks ties.
CREATE INDEX users_user_by_name ON users_user (tenant_id, name_key, id);
CREATE INDEX users_user_by_email ON users_user (tenant_id, email, id);
CREATE INDEX users_user_by_role ON users_user (tenant_id, role_key, id);
CREATE INDEX users_user_by_location ON users_user (tenant_id, location_key, id);
CREATE INDEX users_user_by_organization ON users_user (tenant_id, organization_key, id);
CREATE INDEX users_user_by_state ON users_user (tenant_id, state, coalesce(last_sign_in_at, 'epoch'), id);
CREATE INDEX users_user_by_tags ON users_user (tenant_id, tags_key, id);
CREATE INDEX users_user_by_devices ON users_user (tenant_id, device_count, id);
-- The order in which the page opens, and in which people search most, carries along what a search looks at: walking it
-- visits no rows, which makes it three times as fast for a quarter of the table's size.
CREATE INDEX users_user_by_sign_in ON users_user (tenant_id, coalesce(last_sign_in_at, 'epoch'), id)
    INCLUDE (last_sign_in_at, state, reach, search_text);
CREATE INDEX users_user_by_created ON users_user (tenant_id, created_at, id);
-- A branch with all below is one range of paths: counted and collected from here.
CREATE INDEX users_user_by_path ON users_user (tenant_id, path, id);
-- Filters, and the foreign keys (Django makes such indexes itself: keep one of each).
CREATE INDEX users_user_organization ON users_user (organization_id);
CREATE INDEX users_user_location ON users_user (location_id);
CREATE INDEX users_user_role ON users_user (role_id);
-- Words. reach comes along so that a branch's hits are found without visiting the tenant's.
-- The pending list halves the cost of writing; 512 kB keeps it short: every search reads it, and whoever fills it
-- flushes it.
CREATE INDEX users_user_by_words ON users_user USING gin (reach, search_text gin_trgm_ops)
    WITH (fastupdate = on, gin_pending_list_limit = 512);
