from django.apps import AppConfig


class MedicineListsConfig(AppConfig):
    name = "medguide.medicine_lists"
    label = "medicine_lists"
