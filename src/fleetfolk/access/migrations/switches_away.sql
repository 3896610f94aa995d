DROP FUNCTION access_held_at(bigint, text);
DROP FUNCTION access_switches_of(bigint, text);
DROP TRIGGER access_count_switches ON access_roleswitches;
DROP FUNCTION access_count_switches();
