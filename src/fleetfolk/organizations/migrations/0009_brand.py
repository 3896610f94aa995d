"""How a tenant looks to its customers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0008_searchable_fields"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="brand",
                        serialize=False,
                        to="organizations.organization",
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=32, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="name")),
                ("colour", models.CharField(blank=True, max_length=7, verbose_name="colour")),
                ("support_email", models.EmailField(blank=True, max_length=254, verbose_name="support by mail")),
                ("support_phone", models.CharField(blank=True, max_length=24, verbose_name="support by phone")),
                ("support_link", models.URLField(blank=True, max_length=300, verbose_name="support page")),
                ("privacy_link", models.URLField(blank=True, max_length=300, verbose_name="privacy")),
                ("terms_link", models.URLField(blank=True, max_length=300, verbose_name="terms")),
                ("logo_width", models.PositiveSmallIntegerField(default=0)),
                ("logo_height", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("colour", ""), ("colour__regex", "^#[0-9a-f]{6}$"), _connector="OR"),
                        name="brands_colour",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BrandPicture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("logo", "Logo"),
                            ("icon-180", "Icon of 180 pixels"),
                            ("icon-192", "Icon of 192 pixels"),
                            ("icon-512", "Icon of 512 pixels"),
                        ],
                        max_length=8,
                    ),
                ),
                ("png", models.BinaryField()),
                (
                    "brand",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="organizations.brand",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("brand", "part"), name="brandpictures_once")],
            },
        ),
    ]
