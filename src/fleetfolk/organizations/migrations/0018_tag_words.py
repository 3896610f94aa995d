"""People and devices are found by the words of their tags' names."""

from django.db import migrations, models

# Digits that stand apart are kept joined, too: what is typed as 12-345 is looked for as 12345.
WORDS = r"""
CREATE FUNCTION tag_words(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ' ' || fold(name) || CASE WHEN fold(name) ~ '\d \d'
    THEN ' ' || regexp_replace(fold(name), '(\d) (?=\d)', '\1', 'g') ELSE '' END
"""


class Migration(migrations.Migration):
    # fold() comes with the people's directory.
    dependencies = [("organizations", "0017_signing_in"), ("users", "0002_directory")]

    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION tag_words(text)"),
        migrations.AddField(
            model_name="tag",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func("name", function="tag_words"),
                output_field=models.TextField(),
            ),
        ),
    ]
