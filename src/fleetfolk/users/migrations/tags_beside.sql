-- Everybody has a place in the order by tags, and whoever comes later gets one.
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO users_tagskey (user_id, tenant_id, tags_key) SELECT id, tenant_id, tags_key FROM users_user;

CREATE FUNCTION users_place_by_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO users_tagskey (user_id, tenant_id) SELECT id, tenant_id FROM added ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER users_place_by_tags AFTER INSERT ON users_user
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION users_place_by_tags();

-- As before (directory.sql), beside the people. Folding is the dearest part: the few names are folded once.
CREATE OR REPLACE FUNCTION users_set_tags(user_ids bigint[]) RETURNS void LANGUAGE sql AS $$
    -- Locked in order of id first, so that two bulk runs over the same people queue instead of deadlocking.
    WITH locked AS MATERIALIZED (
        SELECT k.user_id FROM users_tagskey k WHERE k.user_id = ANY(user_ids) ORDER BY k.user_id FOR NO KEY UPDATE),
    held AS MATERIALIZED (
        SELECT ut.user_id, ut.tag_id FROM users_usertag ut WHERE ut.user_id = ANY(user_ids)),
    folded AS MATERIALIZED (
        SELECT t.id, fold(t.name) AS name FROM organizations_tag t WHERE t.id IN (SELECT tag_id FROM held)),
    joined AS MATERIALIZED (
        SELECT held.user_id, string_agg(folded.name, ' ' ORDER BY folded.name COLLATE "C", folded.id) AS tags_key
        FROM held JOIN folded ON folded.id = held.tag_id GROUP BY held.user_id),
    wanted AS MATERIALIZED (
        SELECT locked.user_id, coalesce(joined.tags_key, '') AS tags_key FROM locked LEFT JOIN joined USING (user_id))
    UPDATE users_tagskey k SET tags_key = wanted.tags_key
    FROM wanted WHERE k.user_id = wanted.user_id AND k.tags_key IS DISTINCT FROM wanted.tags_key
$$;

DROP INDEX users_user_by_tags;
