-- A device is away as long as its owner is deactivated. That is a fact about the owner, so the database keeps it: with
-- the owner's row, and with the device's where it changes hands.
CREATE FUNCTION devices_owner_away() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.owner_away := NEW.owner_id IS NOT NULL
        AND EXISTS (SELECT FROM users_user WHERE id = NEW.owner_id AND deactivated_at IS NOT NULL);
    RETURN NEW;
END $$;
CREATE TRIGGER devices_owner_away BEFORE INSERT OR UPDATE OF owner_id ON devices_device
    FOR EACH ROW EXECUTE FUNCTION devices_owner_away();

-- Locked in order of id, so that two bulk runs over the same devices queue instead of deadlocking.
CREATE FUNCTION devices_follow_owner_away() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH gone AS (
        SELECT changed.id, changed.deactivated_at IS NOT NULL AS away
        FROM changed JOIN before USING (id)
        WHERE (changed.deactivated_at IS NULL) <> (before.deactivated_at IS NULL)),
    locked AS MATERIALIZED (
        SELECT d.id, gone.away FROM gone JOIN devices_device d ON d.owner_id = gone.id
        ORDER BY d.id FOR NO KEY UPDATE OF d)
    UPDATE devices_device d SET owner_away = locked.away FROM locked WHERE d.id = locked.id;
    RETURN NULL;
END $$;
CREATE TRIGGER devices_follow_owner_away AFTER UPDATE ON users_user
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT
    EXECUTE FUNCTION devices_follow_owner_away();

UPDATE devices_device d SET owner_away = true
FROM users_user u WHERE u.id = d.owner_id AND u.deactivated_at IS NOT NULL;

ALTER TABLE devices_device ALTER COLUMN state SET EXPRESSION AS (CASE
    WHEN deleted_at IS NOT NULL THEN 4
    WHEN owner_away THEN 5
    WHEN deactivated_at IS NOT NULL THEN 3
    WHEN activated_at IS NULL THEN 2
    ELSE 1 END);

DROP INDEX devices_device_deleted;
CREATE INDEX devices_device_hidden ON devices_device (tenant_id) WHERE state >= 4;
