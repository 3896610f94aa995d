"""A device that is erased is in no segment any more, and nobody knows that it was."""

from django.db import migrations

FORGET = """
CREATE FUNCTION segments_forget_devices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM segments_member m USING gone, segments_segment s
    WHERE m.target_id = gone.id AND s.id = m.segment_id AND s.of = 'devices';
    DELETE FROM segments_passage p USING gone, segments_segment s
    WHERE p.target_id = gone.id AND s.id = p.segment_id AND s.of = 'devices';
    RETURN NULL;
END $$;
CREATE TRIGGER segments_forget_devices AFTER DELETE ON devices_device
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION segments_forget_devices();
"""

KEEP = """
DROP TRIGGER segments_forget_devices ON devices_device;
DROP FUNCTION segments_forget_devices;
"""


class Migration(migrations.Migration):
    dependencies = [("segments", "0001_initial"), ("devices", "0011_owner_away")]

    operations = [migrations.RunSQL(FORGET, KEEP)]
