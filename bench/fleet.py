"""The devices of the world, 0.3 for each person: their templates, who owns them, where they are, what they reported.

Made inside the database out of its people, so the same for the same people; the triggers make what is searched and
sorted. How many devices somebody owns was drawn with the person, so that both say the same.
"""

import psycopg

KINDS = (
    *("Boiler", "Heat pump", "Thermostat", "Water meter", "Power meter", "Air monitor", "Cold room", "Door lock"),
    *("Irrigation valve", "Pump controller", "Light controller", "Asset tracker"),
)
"""What the templates of every tenant are for; the first ones are the most frequent."""
ROOMS = (
    *("Kitchen", "Basement", "Attic", "Garage", "Lobby", "Roof", "Workshop", "Office", "Nursery", "Bath", "Café"),
    *("Warehouse", "Küche", "Flur", "Salon", "Hangar", "Garten", "Labor", "Depot", "厨房"),
)
SLOTS = 16
"""Keys that are kept for each person's devices: the first for one that nobody owns, the others for their own."""
UNOWNED = 35
"""Of 1,000 people, so many have a device of nobody beside them: in stock, waiting to be claimed, or given back."""
TABLES = ("devices_device", "devices_reported", "devices_devicetag")

_TEMPLATES = """
    INSERT INTO devices_template (tenant_id, public_id, name, manufacturer, model, hardware, connection, categories,
        icon, description, offline_after, version)
    SELECT root.id, 'TMPL' || lpad((root.id * 16 + kinds.place)::text, 9, '0'), kinds.name, 'Fleet Works',
        'FW-' || kinds.place, 'ESP32', 'wifi', ARRAY['Climate'], 'device-desktop', '', 60, 1
    FROM organizations_organization AS root CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS kinds (name, place)
    WHERE root.parent_id IS NULL AND root.id = ANY(%s) ORDER BY root.id, kinds.place
"""
_USES = """
    INSERT INTO devices_templateuse (tenant_id, template_id, organization_id)
    SELECT tenant_id, id, tenant_id FROM devices_template
"""
_STREAMS = """
    INSERT INTO devices_datastream (tenant_id, template_id, position, name, alias, pin, kind, units, minimum, maximum,
        default_value, decimals, keep_raw, sync, writable, choices)
    SELECT t.tenant_id, t.id, s.pin, s.name, lower(s.name), s.pin, s.kind, s.units, s.least, s.most, NULL, s.decimals,
        false, s.writable, s.writable, '[]'
    FROM devices_template AS t CROSS JOIN (VALUES
        (0, 'Switch', 'boolean', '', NULL::float8, NULL::float8, NULL::int, true),
        (1, 'Temperature', 'double', '°C', -40, 125, 1, false),
        (2, 'Target', 'integer', '°C', 5, 30, NULL, true),
        (3, 'Humidity', 'double', '%', 0, 100, 0, false),
        (4, 'Signal', 'integer', 'dBm', -120, 0, NULL, false),
        (5, 'Message', 'string', '', NULL, NULL, NULL, false)
    ) AS s (pin, name, kind, units, least, most, decimals, writable) ORDER BY t.id, s.pin
"""
_FIELDS = """
    INSERT INTO devices_metadatafield (tenant_id, template_id, position, name, kind, units, choices, required)
    SELECT tenant_id, id, 0, 'Room', 'text', '', '{}', false FROM devices_template ORDER BY id
"""

# Frequent kinds come first: the square of a number between 0 and 1 is mostly small.
_DEVICES = """
    INSERT INTO devices_device (id, tenant_id, organization_id, template_id, owner_id, location_id, name, serial,
        firmware, token_hash, token_end, metadata, latitude, longitude, created_at, activated_at, deactivated_at,
        deleted_at)
    SELECT d.key, d.tenant_id, d.organization_id, t.id, d.owner_id, d.location_id,
        t.name || ' ' || room || CASE a %% 3 WHEN 0 THEN '' ELSE ' ' || a %% 1000 END,
        'FW' || upper(lpad(to_hex(b %% 4294967296), 8, '0')) || '-' || d.key %% 10,
        '1.' || b %% 5 || '.' || c %% 4,
        encode(sha256(('bench ' || d.key)::bytea), 'hex'), right(md5(d.key::text), 4),
        jsonb_build_object(f.id::text, room || ' ' || c %% 40),
        CASE WHEN c %% 10 < 6 THEN 36 + a %% 24000 / 1000.0 END, CASE WHEN c %% 10 < 6 THEN b %% 48000 / 1000.0 - 9 END,
        born, CASE WHEN fate >= waits THEN born + interval '2 days' END,
        CASE WHEN fate %% 1000 BETWEEN 960 AND 979 THEN now() - interval '9 days' END,
        CASE WHEN d.owner_id IS NULL AND fate >= 980 THEN now() - interval '2 days' END
    FROM (
        SELECT id * %(slots)s + n AS key, tenant_id, organization_id, location_id,
            CASE WHEN n > 0 THEN id END AS owner_id
        FROM users_user CROSS JOIN LATERAL generate_series(0, device_count) AS n
        WHERE tenant_id = ANY(%(tenants)s) AND (n > 0 OR abs(hashint8(id)::bigint) %% 1000 < %(unowned)s)
    ) AS d
    CROSS JOIN LATERAL (
        SELECT abs(hashint8extended(d.key, 1) / 2) AS a, abs(hashint8extended(d.key, 2) / 2) AS b,
            abs(hashint8extended(d.key, 3) / 2) AS c
    ) AS chance
    CROSS JOIN LATERAL (
        SELECT c / 1000 %% 1000 AS fate, CASE WHEN d.owner_id IS NULL THEN 600 ELSE 20 END AS waits,
            now() - make_interval(mins => (a / 1000 %% 1500000)::int + 3000) AS born,
            (%(rooms)s::text[])[1 + b / 1000 %% cardinality(%(rooms)s::text[])] AS room
    ) AS made
    JOIN (
        SELECT id, tenant_id, name, row_number() OVER (PARTITION BY tenant_id ORDER BY id) - 1 AS place
        FROM devices_template WHERE tenant_id = ANY(%(tenants)s)
    ) AS t ON t.tenant_id = d.tenant_id AND t.place = floor(%(kinds)s * power(a / 7 %% 10000 / 10000.0, 2))
    JOIN devices_metadatafield AS f ON f.template_id = t.id
    ORDER BY d.key
"""

# Most of those in use are online, and have reported within some minutes; of the others some are silent for months.
_REPORTED = """
    INSERT INTO devices_reported (device_id, tenant_id, values, times, properties, online, online_until, reported_at,
        reported_minute, protocol, address)
    SELECT d.id, d.tenant_id,
        CASE WHEN at IS NULL THEN '{}' ELSE jsonb_build_object('0', a %% 2 = 0, '1', 15 + a %% 150 / 10.0,
            '2', 15 + a %% 10, '3', 30 + a %% 40, '4', -40 - a %% 50) END,
        CASE WHEN at IS NULL THEN '{}' ELSE (SELECT jsonb_object_agg(pin::text, floor(extract(epoch FROM at) * 1000))
            FROM generate_series(0, 4) AS pin) END,
        '{}', online, CASE WHEN online THEN now() + interval '1 day' END, at,
        coalesce(date_trunc('minute', at), 'epoch'), CASE WHEN at IS NULL THEN '' ELSE 'https' END,
        CASE WHEN at IS NULL THEN NULL ELSE inet '192.0.2.7' END
    FROM devices_device AS d
    CROSS JOIN LATERAL (SELECT abs(hashint8extended(d.id, 4) / 2) AS a, d.state = 1 AND d.id %% 10 < 7 AS online) AS c
    CROSS JOIN LATERAL (
        SELECT CASE WHEN d.state = 2 THEN NULL
            WHEN online THEN now() - make_interval(secs => a / 10 %% 300)
            ELSE now() - make_interval(secs => 600 + 8000000 * power(a / 10 %% 10000 / 10000.0, 4)) END AS at
    ) AS said
    WHERE d.tenant_id = ANY(%(tenants)s)
"""
_TAGGED = """
    INSERT INTO devices_devicetag (tenant_id, device_id, tag_id)
    SELECT d.tenant_id, d.id, first.id + abs(hashint8(d.id)::bigint) / 100 %% 6
    FROM devices_device AS d
    JOIN (SELECT tenant_id, min(id) AS id FROM organizations_tag GROUP BY tenant_id) AS first USING (tenant_id)
    WHERE d.tenant_id = ANY(%(tenants)s) AND abs(hashint8(d.id)::bigint) %% 100 < 8
"""


def load_templates(connection: psycopg.Connection, tenants: list[int]) -> None:
    """Every tenant has the same templates, with datastreams and a field of metadata each."""
    connection.execute(_TEMPLATES.encode(), [list(KINDS), tenants])
    for statement in (_USES, _STREAMS, _FIELDS):
        connection.execute(statement.encode())
    connection.execute("ANALYZE devices_template, devices_metadatafield")


def load_devices(url: str, tenants: list[int]) -> None:
    """The devices of these tenants, whose people are there. Runs in a process of its own."""
    about = {"tenants": tenants, "slots": SLOTS, "unowned": UNOWNED, "rooms": list(ROOMS), "kinds": len(KINDS)}
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (_DEVICES, _REPORTED, _TAGGED):
            connection.execute(statement.encode(), about)
