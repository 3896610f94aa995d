-- What webhooks are to be told is written down in the transaction in which it happens, whoever does it and however many
-- rows at a time. Who sends is told at the commit. Where nobody listens, it is one look into an index.

-- Deliveries go with their webhook, and what is known of each try with the delivery. Rows that another transaction has
-- just written are among them, which no list made beforehand would know.
ALTER TABLE webhooks_delivery ADD CONSTRAINT webhooks_delivery_of_webhook
    FOREIGN KEY (webhook_id) REFERENCES webhooks_webhook (id) ON DELETE CASCADE;
ALTER TABLE webhooks_attempt ADD CONSTRAINT webhooks_attempt_of_delivery
    FOREIGN KEY (delivery_id) REFERENCES webhooks_delivery (id) ON DELETE CASCADE;

CREATE FUNCTION webhooks_note_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM webhooks_webhook WHERE is_on AND tenant_id = ANY(ARRAY(SELECT DISTINCT tenant_id FROM added))
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO webhooks_delivery (tenant_id, webhook_id, public_id, kind, code, entry_id, entry_at)
    SELECT entry.tenant_id, hook.id, gen_random_uuid(), 'entry', entry.code, entry.id, entry.at
    FROM added AS entry
    JOIN webhooks_webhook AS hook ON hook.tenant_id = entry.tenant_id AND hook.is_on
        AND hook.codes && ARRAY['*', entry.code, split_part(entry.code, '.', 1) || '.*']::varchar[]
    JOIN organizations_organization AS home ON home.id = hook.organization_id AND home.archived_at IS NULL
        AND starts_with(entry.path, home.path)
    WHERE entry.result = 'done'
    ORDER BY entry.id;
    IF FOUND THEN
        PERFORM pg_notify('webhooks_wait', '');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER webhooks_note_entries AFTER INSERT ON actionlog_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION webhooks_note_entries();

CREATE FUNCTION webhooks_note_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM webhooks_webhook WHERE is_on AND events <> '{}'
            AND tenant_id = ANY(ARRAY(SELECT DISTINCT tenant_id FROM added))
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO webhooks_delivery (tenant_id, webhook_id, public_id, kind, code, event_id)
    SELECT told.tenant_id, hook.id, gen_random_uuid(), 'event', 'device.' || told.what, told.id
    FROM (
        SELECT id, tenant_id, device_id, CASE WHEN kind_id IS NULL AND code IN ('online', 'offline') THEN code
            ELSE 'event' END AS what
        FROM added
    ) AS told
    JOIN webhooks_webhook AS hook ON hook.tenant_id = told.tenant_id AND hook.is_on
        AND hook.events @> ARRAY[told.what]::varchar[]
    JOIN devices_device AS device ON device.id = told.device_id
    JOIN organizations_organization AS home ON home.id = hook.organization_id AND home.archived_at IS NULL
        AND starts_with(device.path, home.path)
    ORDER BY told.id;
    IF FOUND THEN
        PERFORM pg_notify('webhooks_wait', '');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER webhooks_note_events AFTER INSERT ON devices_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION webhooks_note_events();
