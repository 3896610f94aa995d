-- In how many organizations a role's switches differ stands with the role: where none do, nobody pays for a look.
CREATE FUNCTION access_count_switches() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked bigint;
BEGIN
    FOREACH asked IN ARRAY ARRAY[OLD.role_id, NEW.role_id] LOOP
        UPDATE access_role SET differs = counted.number
        FROM (SELECT count(*) AS number FROM access_roleswitches WHERE role_id = asked) AS counted
        WHERE access_role.id = asked AND access_role.differs IS DISTINCT FROM counted.number;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER access_count_switches AFTER INSERT OR DELETE OR UPDATE OF role_id ON access_roleswitches
    FOR EACH ROW EXECUTE FUNCTION access_count_switches();

-- Whose switches count for a role that is held at a place: those of the nearest organization upwards that has some.
CREATE FUNCTION access_switches_of(asked_role bigint, place text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    line bigint[] := string_to_array(rtrim(place, '.'), '.')::bigint[];
BEGIN
    RETURN (
        SELECT switches.id FROM access_roleswitches AS switches
        WHERE switches.role_id = asked_role AND switches.organization_id = ANY(line)
        ORDER BY array_position(line, switches.organization_id) DESC LIMIT 1
    );
END $$;

-- What a role holds at a place.
CREATE FUNCTION access_held_at(asked_role bigint, place text) RETURNS varchar[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT coalesce(switches.permissions, role.permissions)
        FROM access_role AS role LEFT JOIN access_roleswitches AS switches
            ON role.differs > 0 AND switches.id = access_switches_of(role.id, place)
        WHERE role.id = asked_role
    );
END $$;
