-- How many organizations somebody is a guest of stands with the person: who is none pays for no look.
CREATE FUNCTION access_count_guest_roles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    person bigint;
BEGIN
    FOREACH person IN ARRAY ARRAY[OLD.user_id, NEW.user_id] LOOP
        UPDATE users_user SET guest_roles = counted.number
        FROM (SELECT least(count(*), 32767) AS number FROM access_membership WHERE user_id = person) AS counted
        WHERE users_user.id = person AND users_user.guest_roles IS DISTINCT FROM counted.number;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER access_count_guest_roles AFTER INSERT OR DELETE OR UPDATE OF user_id ON access_membership
    FOR EACH ROW EXECUTE FUNCTION access_count_guest_roles();

-- And so with organizations that were let in somewhere.
CREATE FUNCTION access_count_clients() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    organization bigint;
BEGIN
    FOREACH organization IN ARRAY ARRAY[OLD.partner_id, NEW.partner_id] LOOP
        UPDATE organizations_organization SET let_in_by = counted.number
        FROM (SELECT least(count(*), 32767) AS number FROM access_partnership WHERE partner_id = organization) AS counted
        WHERE organizations_organization.id = organization
            AND organizations_organization.let_in_by IS DISTINCT FROM counted.number;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER access_count_clients AFTER INSERT OR DELETE OR UPDATE OF partner_id ON access_partnership
    FOR EACH ROW EXECUTE FUNCTION access_count_clients();

-- What came new, as codes that can be taken away: all of it for Admins, guests for whoever works with people.
UPDATE access_role SET permissions = ARRAY(SELECT DISTINCT code FROM unnest(permissions || ARRAY[
    'users.guests.view', 'users.guests.invite', 'users.guests.edit',
    'organizations.partners.view', 'organizations.partners.edit'
]::varchar[]) AS code ORDER BY code)
WHERE builtin IN ('admin', 'super_admin');
UPDATE access_role SET permissions = ARRAY(SELECT DISTINCT code FROM unnest(permissions || ARRAY[
    'users.guests.view', 'users.guests.invite', 'users.guests.edit'
]::varchar[]) AS code ORDER BY code)
WHERE builtin IN ('staff', 'support');
