from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.account, name="account"),
    path("sessions/<int:session>/end/", views.end_session, name="end_session"),
    path("second-step/webauthn/keys/<int:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
    path("", include("allauth.account.urls")),
    path("second-step/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
