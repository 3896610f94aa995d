"""Locations have a place on the map, and organizations their own word for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0006_no_places")]

    operations = [
        migrations.AddField("location", "latitude", models.FloatField(null=True)),
        migrations.AddField("location", "longitude", models.FloatField(null=True)),
        migrations.AddField(
            "organization",
            "location_word",
            models.CharField(
                choices=[("location", "Location"), ("site", "Job site"), ("facility", "Facility")],
                max_length=8,
                null=True,
                verbose_name="word for locations",
            ),
        ),
        migrations.AddConstraint(
            "location",
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="locations_position",
            ),
        ),
        migrations.AddConstraint(
            "organization",
            models.CheckConstraint(
                condition=models.Q(location_word__in=["location", "site", "facility"]),
                name="organizations_location_word",
            ),
        ),
    ]
