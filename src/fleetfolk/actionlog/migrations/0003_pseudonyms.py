"""Erasing a person takes their name out of the log: the one change that the database lets through.

Whoever makes it, an entry can lose a name, an address and what was typed; it can never come to say anything else.
"""

from django.db import migrations

FUNCTIONS = r"""
-- Whether the second is the first with values taken away: a key gone, a value null or the pseudonym.
CREATE FUNCTION actionlog_only_less(was jsonb, now jsonb, pseudonym text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_typeof(now) = 'object' AND NOT EXISTS (
        SELECT FROM jsonb_each(now) AS left_over
        WHERE left_over.value IS DISTINCT FROM was -> left_over.key
            AND NOT (was ? left_over.key AND left_over.value IN ('null', to_jsonb(pseudonym)))
    )
$$;

CREATE OR REPLACE FUNCTION actionlog_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased text := nullif(current_setting('fleetfolk.erased', true), '');
    personal constant text[] := ARRAY['actor_label', 'acting_for', 'target_label', 'changes', 'facts', 'address'];
    pseudonym text;
BEGIN
    IF TG_OP = 'UPDATE' AND erased IS NOT NULL THEN
        pseudonym := 'Erased person ' || erased;
        IF to_jsonb(OLD) - personal = to_jsonb(NEW) - personal
            AND NEW.actor_label IN (OLD.actor_label, pseudonym)
            AND NEW.acting_for IN (OLD.acting_for, pseudonym)
            AND NEW.target_label IN (OLD.target_label, pseudonym)
            AND (NEW.address IS NULL OR NEW.address = OLD.address)
            AND actionlog_only_less(OLD.facts, NEW.facts, pseudonym)
            AND jsonb_array_length(OLD.changes) = jsonb_array_length(NEW.changes)
            AND NOT EXISTS (
                SELECT FROM jsonb_array_elements(OLD.changes) WITH ORDINALITY AS was (change, place)
                JOIN jsonb_array_elements(NEW.changes) WITH ORDINALITY AS now (change, place) USING (place)
                WHERE was.change ->> 'field' IS DISTINCT FROM now.change ->> 'field'
                    OR NOT actionlog_only_less(was.change, now.change, pseudonym)
            )
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the action log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

-- Facts without the words in them, but for those under the keys that name nobody. Numbers and switches stay.
CREATE FUNCTION actionlog_without_words(facts jsonb, kept text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(key, value)
        FILTER (WHERE jsonb_typeof(value) <> 'string' OR key = ANY(kept)), '{}') FROM jsonb_each(facts)
$$;

CREATE FUNCTION actionlog_without_values(changes jsonb, kept text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_agg(CASE WHEN change ->> 'field' = ANY(kept) THEN change
        ELSE change || '{"before": null, "after": null}' END ORDER BY place), '[]')
    FROM jsonb_array_elements(changes) WITH ORDINALITY AS each (change, place)
$$;

-- Facts in which some words are replaced by the pseudonym, wherever they are the whole value.
CREATE FUNCTION actionlog_with_pseudonym(facts jsonb, said text[], pseudonym text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(key,
        CASE WHEN lower(value #>> '{}') = ANY(said) THEN to_jsonb(pseudonym) ELSE value END), '{}') FROM jsonb_each(facts)
$$;

-- Up to so many entries in each of four ways no longer name the person; returns how many, 0 when all is done.
-- "kinds" and "ids" are things that bear the person's name (an invitation, a job); "said" are the person's addresses in
-- lower case, looked for where others' entries may hold them: refusals, and the codes in "telling"; "kept" are the
-- facts and fields that name nobody.
CREATE FUNCTION actionlog_pseudonymize(
    tenant bigint, person bigint, kinds text[], ids bigint[], said text[], telling text[], kept text[], most integer
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    pseudonym constant text := 'Erased person ' || person;
    changed bigint;
    total bigint := 0;
BEGIN
    PERFORM set_config('fleetfolk.erased', person::text, true);

    UPDATE actionlog_entry AS entry SET actor_label = pseudonym, address = NULL
    FROM (
        SELECT e.at, e.id FROM actionlog_entry AS e
        WHERE e.tenant_id = tenant AND e.actor_id = person::text AND e.actor_kind = 'user'
            AND (e.actor_label <> pseudonym OR e.address IS NOT NULL)
        LIMIT most
    ) AS found WHERE entry.at = found.at AND entry.id = found.id;
    GET DIAGNOSTICS changed = ROW_COUNT;
    total := total + changed;

    UPDATE actionlog_entry AS entry SET acting_for = pseudonym
    FROM (
        SELECT e.at, e.id FROM actionlog_entry AS e
        WHERE e.tenant_id = tenant AND e.acting_for_id = person AND e.acting_for <> pseudonym LIMIT most
    ) AS found WHERE entry.at = found.at AND entry.id = found.id;
    GET DIAGNOSTICS changed = ROW_COUNT;
    total := total + changed;

    UPDATE actionlog_entry AS entry SET target_label = pseudonym,
        facts = actionlog_without_words(entry.facts, kept), changes = actionlog_without_values(entry.changes, kept)
    FROM (
        SELECT e.at, e.id FROM actionlog_entry AS e
        JOIN (
            SELECT 'users.User' AS kind, person AS id UNION SELECT * FROM unnest(kinds, ids)
        ) AS thing (kind, id) ON e.target_type = thing.kind AND e.target_id = thing.id
        WHERE e.tenant_id = tenant AND e.target_label <> pseudonym LIMIT most
    ) AS found WHERE entry.at = found.at AND entry.id = found.id;
    GET DIAGNOSTICS changed = ROW_COUNT;
    total := total + changed;

    UPDATE actionlog_entry AS entry SET facts = actionlog_with_pseudonym(entry.facts, said, pseudonym),
        target_label = CASE WHEN lower(entry.target_label) = ANY(said) THEN pseudonym ELSE entry.target_label END
    FROM (
        SELECT e.at, e.id FROM actionlog_entry AS e
        WHERE e.tenant_id = tenant AND (e.result <> 'done' OR e.code = ANY(telling))
            AND (lower(e.target_label) = ANY(said)
                OR EXISTS (SELECT FROM jsonb_each_text(e.facts) WHERE lower(value) = ANY(said)))
        LIMIT most
    ) AS found WHERE entry.at = found.at AND entry.id = found.id;
    GET DIAGNOSTICS changed = ROW_COUNT;
    total := total + changed;

    PERFORM set_config('fleetfolk.erased', '', true);
    RETURN total;
END $$;
REVOKE ALL ON FUNCTION actionlog_pseudonymize(bigint, bigint, text[], bigint[], text[], text[], text[], integer) FROM PUBLIC;
"""

REVERSED = r"""
DROP FUNCTION actionlog_pseudonymize(bigint, bigint, text[], bigint[], text[], text[], text[], integer);
CREATE OR REPLACE FUNCTION actionlog_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the action log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP FUNCTION actionlog_with_pseudonym(jsonb, text[], text);
DROP FUNCTION actionlog_without_values(jsonb, text[]);
DROP FUNCTION actionlog_without_words(jsonb, text[]);
DROP FUNCTION actionlog_only_less(jsonb, jsonb, text);
"""


class Migration(migrations.Migration):
    dependencies = [("actionlog", "0002_assistance")]

    operations = [migrations.RunSQL(FUNCTIONS, REVERSED)]
