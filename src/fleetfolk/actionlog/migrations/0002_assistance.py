"""Entries of a remote assistant say on whose behalf and in which session, by key."""

from django.db import migrations

COLUMNS = """
ALTER TABLE actionlog_entry ADD COLUMN acting_for_id bigint, ADD COLUMN assistance_id bigint;
CREATE INDEX actionlog_by_behalf ON actionlog_entry (tenant_id, acting_for_id, at DESC, id DESC)
    WHERE acting_for_id IS NOT NULL;
CREATE INDEX actionlog_by_assistance ON actionlog_entry (assistance_id, at DESC, id DESC)
    WHERE assistance_id IS NOT NULL;

CREATE OR REPLACE FUNCTION actionlog_tell_folds(flood integer, as_of timestamptz) RETURNS bigint LANGUAGE sql AS $$
    WITH over AS (
        DELETE FROM actionlog_fold WHERE minute < date_trunc('minute', as_of) - interval '1 minute' RETURNING *
    ), told AS (
        INSERT INTO actionlog_entry (
            tenant_id, at, code, result, reason, client, actor_kind, actor_id, actor_label, acting_for,
            acting_for_id, assistance_id,
            target_type, organization_id, organization_label, path, facts, address
        )
        SELECT over.tenant_id, over.minute + interval '59.999999 seconds', over.code, over.result,
            coalesce(known.reason, ''), coalesce(known.client, 'other'), over.actor_kind, over.actor_id,
            coalesce(known.actor_label, over.actor_id), coalesce(known.acting_for, ''),
            known.acting_for_id, known.assistance_id, coalesce(known.target_type, ''),
            known.organization_id, coalesce(known.organization_label, ''),
            coalesce(known.path, over.tenant_id || '.'), jsonb_build_object('folded', over.count - flood), known.address
        FROM over LEFT JOIN LATERAL (
            SELECT entry.* FROM actionlog_entry AS entry
            WHERE entry.tenant_id = over.tenant_id AND entry.actor_id = over.actor_id
                AND entry.actor_kind = over.actor_kind AND entry.code = over.code AND entry.result = over.result
                AND entry.at >= over.minute - interval '1 minute' AND entry.at < over.minute + interval '2 minutes'
            ORDER BY entry.at DESC, entry.id DESC LIMIT 1
        ) AS known ON true
        WHERE over.count > flood
        RETURNING 1
    )
    SELECT count(*) FROM told
$$;
"""

REVERSED = """
CREATE OR REPLACE FUNCTION actionlog_tell_folds(flood integer, as_of timestamptz) RETURNS bigint LANGUAGE sql AS $$
    WITH over AS (
        DELETE FROM actionlog_fold WHERE minute < date_trunc('minute', as_of) - interval '1 minute' RETURNING *
    ), told AS (
        INSERT INTO actionlog_entry (
            tenant_id, at, code, result, reason, client, actor_kind, actor_id, actor_label, acting_for,
            target_type, organization_id, organization_label, path, facts, address
        )
        SELECT over.tenant_id, over.minute + interval '59.999999 seconds', over.code, over.result,
            coalesce(known.reason, ''), coalesce(known.client, 'other'), over.actor_kind, over.actor_id,
            coalesce(known.actor_label, over.actor_id), coalesce(known.acting_for, ''), coalesce(known.target_type, ''),
            known.organization_id, coalesce(known.organization_label, ''),
            coalesce(known.path, over.tenant_id || '.'), jsonb_build_object('folded', over.count - flood), known.address
        FROM over LEFT JOIN LATERAL (
            SELECT entry.* FROM actionlog_entry AS entry
            WHERE entry.tenant_id = over.tenant_id AND entry.actor_id = over.actor_id
                AND entry.actor_kind = over.actor_kind AND entry.code = over.code AND entry.result = over.result
                AND entry.at >= over.minute - interval '1 minute' AND entry.at < over.minute + interval '2 minutes'
            ORDER BY entry.at DESC, entry.id DESC LIMIT 1
        ) AS known ON true
        WHERE over.count > flood
        RETURNING 1
    )
    SELECT count(*) FROM told
$$;
DROP INDEX actionlog_by_assistance;
DROP INDEX actionlog_by_behalf;
ALTER TABLE actionlog_entry DROP COLUMN assistance_id, DROP COLUMN acting_for_id;
"""


class Migration(migrations.Migration):
    dependencies = [("actionlog", "0001_initial")]

    operations = [migrations.RunSQL(COLUMNS, REVERSED)]
