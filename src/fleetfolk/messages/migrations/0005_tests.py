from django.db import migrations, models


class Migration(migrations.Migration):
    """A message may be a test, which its author alone gets."""

    dependencies = [("messaging", "0004_pushmail")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[("private", "Private message"), ("pushmail", "By e-mail"), ("test", "Test")],
                default="private",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="message", name="messages_kind"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["private", "pushmail", "test"])), name="messages_kind"
            ),
        ),
    ]
