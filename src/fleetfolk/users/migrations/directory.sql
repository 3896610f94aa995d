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
CREATE FUNCTION users_user_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    typed text := fold(NEW.email);
BEGIN
    SELECT o.path, fold(o.name), fold(r.name), coalesce(fold(l.name), '')
    INTO STRICT NEW.path, NEW.organization_key, NEW.role_key, NEW.location_key
    FROM organizations_organization o
    JOIN access_role r ON r.id = NEW.role_id
    LEFT JOIN organizations_location l ON l.id = NEW.location_id
    WHERE o.id = NEW.organization_id;
    -- Somebody who was only invited by e-mail has no name yet and is listed by e-mail.
    NEW.name_key := coalesce(nullif(fold(NEW.first_name || ' ' || NEW.last_name), ''), typed);
    NEW.search_text := concat_ws(' ', '', NEW.name_key, typed, nullif(phone_digits(NEW.phone), ''),
                                 NEW.role_key, nullif(NEW.location_key, ''), NEW.organization_key);
    RETURN NEW;
END $$;

CREATE TRIGGER users_user_keys
    BEFORE INSERT OR UPDATE OF first_name, last_name, email, phone, role_id, location_id, organization_id ON users_user
    FOR EACH ROW EXECUTE FUNCTION users_user_keys();
