-- A person's device_count is how many devices they own that are not deleted. People are locked in the order of their
-- keys, so that two who move many devices do not wait for each other in a ring.
CREATE FUNCTION devices_count_owned(owners bigint[], numbers bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM users_user WHERE id = ANY(owners) ORDER BY id FOR NO KEY UPDATE;
    UPDATE users_user u SET device_count = u.device_count + d.number
    FROM unnest(owners, numbers) AS d (owner, number) WHERE u.id = d.owner;
END $$;

CREATE FUNCTION devices_device_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owners bigint[];
    numbers bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(owner_id), array_agg(number) INTO owners, numbers FROM (
            SELECT owner_id, count(*) AS number FROM changed
            WHERE owner_id IS NOT NULL AND deleted_at IS NULL GROUP BY owner_id
        ) AS n;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(owner_id), array_agg(number) INTO owners, numbers FROM (
            SELECT owner_id, -count(*) AS number FROM before
            WHERE owner_id IS NOT NULL AND deleted_at IS NULL GROUP BY owner_id
        ) AS n;
    ELSE
        SELECT array_agg(owner_id), array_agg(number) INTO owners, numbers FROM (
            SELECT owner_id, sum(n)::bigint AS number FROM (
                SELECT owner_id, 1 AS n FROM changed WHERE deleted_at IS NULL
                UNION ALL
                SELECT owner_id, -1 FROM before WHERE deleted_at IS NULL
            ) AS moves
            WHERE owner_id IS NOT NULL GROUP BY owner_id HAVING sum(n) <> 0
        ) AS n;
    END IF;
    IF owners IS NOT NULL THEN
        PERFORM devices_count_owned(owners, numbers);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER devices_device_counted_in AFTER INSERT ON devices_device
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION devices_device_counted();
CREATE TRIGGER devices_device_counted_out AFTER DELETE ON devices_device
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION devices_device_counted();
CREATE TRIGGER devices_device_counted AFTER UPDATE ON devices_device
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION devices_device_counted();

UPDATE users_user u SET device_count = d.number
FROM (SELECT owner_id, count(*) AS number FROM devices_device WHERE deleted_at IS NULL GROUP BY owner_id) AS d
WHERE u.id = d.owner_id;
