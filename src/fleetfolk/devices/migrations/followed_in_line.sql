-- Who was renamed or is gone is found by a set operation, whose time grows with the number of people in the statement
-- whatever the planner believed of tables that were small when it planned: a join of both lists, planned for one
-- person, compares each of a thousand with a thousand, for each device again.
CREATE OR REPLACE FUNCTION devices_follow_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH renamed AS MATERIALIZED (
        SELECT id, name_key FROM changed EXCEPT SELECT id, name_key FROM before)
    UPDATE devices_device d SET owner_id = d.owner_id FROM renamed WHERE d.owner_id = renamed.id;
    RETURN NULL;
END $$;

-- Locked in order of id, so that two bulk runs over the same devices queue instead of deadlocking.
CREATE OR REPLACE FUNCTION devices_follow_owner_away() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH gone AS MATERIALIZED (
        SELECT id, deactivated_at IS NOT NULL AS away FROM changed
        EXCEPT SELECT id, deactivated_at IS NOT NULL FROM before),
    locked AS MATERIALIZED (
        SELECT d.id, gone.away FROM gone JOIN devices_device d ON d.owner_id = gone.id
        ORDER BY d.id FOR NO KEY UPDATE OF d)
    UPDATE devices_device d SET owner_away = locked.away FROM locked WHERE d.id = locked.id;
    RETURN NULL;
END $$;
