"""A field goes in two releases, by the project's own RemoveField; this is the first step.

verdict: safe
reason: At the step "pending" the operation drops NOT NULL and takes the field out of the state; the column
    stays for the deployed release, and the new one may leave it out.
"""

from django.db import migrations, models


class SafeRemoveField(migrations.RemoveField):
    """Forget a field at the step "pending" and drop its column at the step "delete"."""

    def __init__(self, model_name, name, step):
        super().__init__(model_name, name)
        self.step = step

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if self.step == "delete":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        if not field.null:
            relaxed = field.clone()
            relaxed.null = True
            relaxed.set_attributes_from_name(field.name)
            relaxed.model = model
            schema_editor.alter_field(model, field, relaxed)


class Initial(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Integration",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("provider", models.CharField(max_length=64)),
                ("token", models.CharField(max_length=200)),
                ("status", models.SmallIntegerField(default=0)),
            ],
        ),
    ]


class ForgetToken(migrations.Migration):
    is_post_deployment = False
    dependencies = [("integration_token_moved_to_pending", "0001_initial")]
    operations = [SafeRemoveField("integration", "token", step="pending")]
