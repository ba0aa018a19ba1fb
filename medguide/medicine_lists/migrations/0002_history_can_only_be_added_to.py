from django.db import migrations

from medguide.medicine_lists.triggers import install, remove


class Migration(migrations.Migration):
    dependencies = [("medicine_lists", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
