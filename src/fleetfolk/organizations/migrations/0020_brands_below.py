"""Every organization may look its own way, and mails say whom they come from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0019_deleted_tags")]

    operations = [
        migrations.RenameField("brand", "tenant", "organization"),
        migrations.AddField(
            "brand",
            "tenant",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.RunSQL(
            "UPDATE organizations_brand SET tenant_id = organization_id; SET CONSTRAINTS ALL IMMEDIATE",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            "brand",
            "tenant",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.organization",
            ),
        ),
        migrations.AddField(
            "brand",
            "sender_name",
            models.CharField(blank=True, default="", max_length=60, verbose_name="sender of mails"),
            preserve_default=False,
        ),
        migrations.AddField(
            "brand",
            "sender_email",
            models.EmailField(blank=True, default="", max_length=254, verbose_name="address of the sender"),
            preserve_default=False,
        ),
    ]
