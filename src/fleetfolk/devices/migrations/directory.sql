-- The copies a list sorts by and searches in are right in the device's own row (see users/migrations/directory.sql).
CREATE FUNCTION devices_device_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    facts text;
BEGIN
    SELECT o.path, string_to_array(rtrim(o.path, '.'), '.')::bigint[], fold(o.name), fold(t.name),
        coalesce(fold(l.name), ''), coalesce(u.name_key, '')
    INTO STRICT NEW.path, NEW.reach, NEW.organization_key, NEW.template_key, NEW.location_key, NEW.owner_key
    FROM organizations_organization o
    JOIN devices_template t ON t.id = NEW.template_id
    LEFT JOIN organizations_location l ON l.id = NEW.location_id
    LEFT JOIN users_user u ON u.id = NEW.owner_id
    WHERE o.id = NEW.organization_id;
    NEW.name_key := fold(NEW.name);
    SELECT left(string_agg(fold(value), ' ' ORDER BY key), 600) INTO facts FROM jsonb_each_text(NEW.metadata);
    -- Serial numbers and versions are typed with and without what stands between their parts, and of what consists of
    -- digits a search compares the digits alone.
    NEW.search_text := concat_ws(' ', '', NEW.name_key, nullif(fold(NEW.serial), ''), nullif(fold(NEW.firmware), ''),
        nullif(replace(fold(NEW.serial), ' ', ''), fold(NEW.serial)),
        nullif(replace(fold(NEW.firmware), ' ', ''), fold(NEW.firmware)),
        nullif(fold(NEW.token_end), ''), nullif(facts, ''), NEW.template_key, nullif(NEW.owner_key, ''),
        nullif(NEW.location_key, ''), NEW.organization_key);
    RETURN NEW;
END $$;

CREATE TRIGGER devices_device_keys
    BEFORE INSERT OR UPDATE OF name, serial, firmware, token_end, metadata, template_id, owner_id, location_id, organization_id
    ON devices_device FOR EACH ROW EXECUTE FUNCTION devices_device_keys();

CREATE FUNCTION devices_follow_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE devices_device d SET template_id = d.template_id
    FROM changed JOIN before USING (id)
    WHERE d.template_id = changed.id AND changed.name IS DISTINCT FROM before.name;
    RETURN NULL;
END $$;
CREATE TRIGGER devices_follow_template AFTER UPDATE ON devices_template
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION devices_follow_template();

CREATE FUNCTION devices_follow_location() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE devices_device d SET location_id = d.location_id
    FROM changed JOIN before USING (id)
    WHERE d.location_id = changed.id AND changed.name IS DISTINCT FROM before.name;
    RETURN NULL;
END $$;
CREATE TRIGGER devices_follow_location AFTER UPDATE ON organizations_location
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION devices_follow_location();

CREATE FUNCTION devices_follow_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE devices_device d SET organization_id = d.organization_id
    FROM changed JOIN before USING (id)
    WHERE d.organization_id = changed.id AND (changed.name, changed.path) IS DISTINCT FROM (before.name, before.path);
    RETURN NULL;
END $$;
CREATE TRIGGER devices_follow_organization AFTER UPDATE ON organizations_organization
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION devices_follow_organization();

CREATE FUNCTION devices_follow_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE devices_device d SET owner_id = d.owner_id
    FROM changed JOIN before USING (id)
    WHERE d.owner_id = changed.id AND changed.name_key IS DISTINCT FROM before.name_key;
    RETURN NULL;
END $$;
CREATE TRIGGER devices_follow_owner AFTER UPDATE ON users_user
    REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION devices_follow_owner();

-- One b-tree for each sort; by the last report, the table of reports has its own.
CREATE INDEX devices_device_by_name ON devices_device (tenant_id, name_key, id);
CREATE INDEX devices_device_by_template ON devices_device (tenant_id, template_key, id);
CREATE INDEX devices_device_by_owner ON devices_device (tenant_id, owner_key, id);
CREATE INDEX devices_device_by_organization ON devices_device (tenant_id, organization_key, id);
CREATE INDEX devices_device_by_location ON devices_device (tenant_id, location_key, id);
CREATE INDEX devices_device_by_firmware ON devices_device (tenant_id, (firmware COLLATE "C"), id);
CREATE INDEX devices_device_by_activated ON devices_device (tenant_id, coalesce(activated_at, 'epoch'), id);
CREATE INDEX devices_device_by_created ON devices_device (tenant_id, created_at, id);
CREATE INDEX devices_device_by_path ON devices_device (tenant_id, path, id);
-- States in which few devices are, and what no list shows.
CREATE INDEX devices_device_by_state ON devices_device (tenant_id, state, id) WHERE state <> 1;
CREATE INDEX devices_device_deleted ON devices_device (tenant_id) WHERE state = 4;
CREATE INDEX devices_device_located ON devices_device (tenant_id, id) WHERE latitude IS NOT NULL;
CREATE INDEX devices_device_words ON devices_device USING gin (reach, search_text gin_trgm_ops)
    WITH (fastupdate = on, gin_pending_list_limit = 512);
CREATE INDEX devices_device_organization ON devices_device (organization_id);
CREATE INDEX devices_device_template ON devices_device (template_id);
CREATE INDEX devices_device_owner ON devices_device (owner_id);
CREATE INDEX devices_device_location ON devices_device (location_id);
