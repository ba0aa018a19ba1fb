from django.urls import path, register_converter
from django.urls.converters import IntConverter

from .views import account, files, from_page, guest, history, invitations, lists, people, prints, share_links, sharing


class UserNumber(IntConverter):
    """A number that the databases can hold; a longer one is nobody's."""

    regex = "[0-9]{1,18}"


register_converter(UserNumber, "user_number")

PERSON = "lists/<uuid:person>/"
STATEMENT = PERSON + "medicines/<uuid:statement>/"

urlpatterns = [
    path("lists/", people.people, name="people"),
    path("lists/try/", guest.guest_list, name="guest_list"),
    path("lists/try/check/", guest.guest_check, name="guest_check"),
    path("lists/try/remove/", guest.remove_from_guest_list, name="remove_from_guest_list"),
    path("lists/try/keep/", guest.keep_guest_list, name="keep_guest_list"),
    path("account/download/", account.download_everything, name="download_everything"),
    path("account/delete/", account.delete_account, name="delete_account"),
    path("lists/add/<slug:slug>/", from_page.add_to_my_list, name="add_to_my_list"),
    path("lists/new/", people.new_person, name="new_person"),
    path(PERSON, lists.medicine_list, name="medicine_list_of"),
    path(PERSON + "check/", lists.list_check, name="list_check"),
    path(PERSON + "check/known/", lists.know_finding, name="know_finding"),
    path(PERSON + "day/", prints.day, name="day"),
    path(PERSON + "print/", prints.print_list, name="print_list"),
    path(PERSON + "card/", prints.card, name="card"),
    path(PERSON + "changes/", prints.changes, name="changes"),
    path(PERSON + "medicines.csv", files.export_csv, name="export_csv"),
    path(PERSON + "medicines.json", files.export_json, name="export_json"),
    path(PERSON + "import/", files.import_list, name="import_list"),
    path(PERSON + "add/", lists.add, name="add_statement"),
    path(PERSON + "confirm/", lists.confirm, name="confirm_statements"),
    path(STATEMENT, lists.statement, name="statement"),
    path(STATEMENT + "edit/", lists.edit, name="edit_statement"),
    path(STATEMENT + "status/", lists.status, name="statement_status"),
    path(STATEMENT + "move/", lists.move, name="move_statement"),
    path(STATEMENT + "delete/", lists.delete, name="delete_statement"),
    path(STATEMENT + "restore/", lists.restore, name="restore_statement"),
    path(PERSON + "person/", people.edit_person, name="edit_person"),
    path(PERSON + "delete/", people.delete_person, name="delete_person"),
    path(PERSON + "restore/", people.restore_person, name="restore_person"),
    path(PERSON + "sharing/", sharing.sharing, name="sharing"),
    path(PERSON + "sharing/<user_number:user>/role/", sharing.change_role, name="change_role"),
    path(PERSON + "sharing/<user_number:user>/end/", sharing.end_access, name="end_access"),
    path(PERSON + "sharing/<user_number:user>/hidden/", sharing.hidden, name="hidden"),
    path(PERSON + "sharing/invitations/<uuid:invitation>/", sharing.take_back, name="take_back_invitation"),
    path(PERSON + "sharing/links/new/", share_links.new_link, name="new_link"),
    path(PERSON + "sharing/links/<uuid:link>/", share_links.share_link, name="share_link"),
    path(PERSON + "sharing/links/<uuid:link>/end/", share_links.end_link, name="end_link"),
    path(PERSON + "leave/", sharing.leave, name="leave"),
    path(PERSON + "history/", history.history, name="history"),
    path(PERSON + "history.csv", history.history_export, name="history_export"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("shared/<str:token>/", share_links.shared, name="shared"),
    path("invitations/<uuid:invitation>/accept/", invitations.accept_invitation, name="accept_invitation"),
]
