"""Organizations have rules; what an organization does not say holds as above it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0003_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="assistance_rule",
            field=models.CharField(
                choices=[
                    ("off", "Off"),
                    ("ask", "With the person's consent"),
                    ("waived", "Without asking; the person is told"),
                ],
                max_length=6,
                null=True,
                verbose_name="remote assistance",
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="gravatar_rule",
            field=models.BooleanField(null=True, verbose_name="pictures from Gravatar"),
        ),
        migrations.AddField(
            model_name="organization",
            name="places_rule",
            field=models.BooleanField(null=True, verbose_name="places of sign-ins"),
        ),
        migrations.AddField(
            model_name="organization",
            name="second_factor_rule",
            field=models.BooleanField(null=True, verbose_name="second factor for everybody"),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("assistance_rule__in", ["off", "ask", "waived"])),
                name="organizations_assistance_rule",
            ),
        ),
    ]
