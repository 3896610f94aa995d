DROP TRIGGER access_count_guest_roles ON access_membership;
DROP FUNCTION access_count_guest_roles();
DROP TRIGGER access_count_clients ON access_partnership;
DROP FUNCTION access_count_clients();
UPDATE access_role SET permissions = ARRAY(
    SELECT code FROM unnest(permissions) AS code
    WHERE code NOT LIKE 'users.guests.%' AND code NOT LIKE 'organizations.partners.%' ORDER BY code
);
