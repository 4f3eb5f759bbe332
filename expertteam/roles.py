"""Who may do what: one table, synced to Django's groups after every migrate."""

from django.apps import apps
from django.contrib.auth.management import create_permissions

from expertteam.duties import (
    ASK_PHONE,
    ASSESSED,
    CALL_BACK,
    CHECK_PAY,
    CLERK,
    CONFIRM,
    CONFIRM_FACTOR,
    CONFIRM_PHONE,
    DECIDE,
    DOOR,
    EVENTS,
    FILES,
    FINDING,
    HANDLE,
    MAKE_PAY,
    OFFICE,
    OPERATE,
    ORGANISER,
    RATINGS,
    RELEASE_PAY,
    REPORTS,
    REVIEWS,
    SERVED,
    SUPERVISE,
    TEAM,
    WATCH,
    WEIGH,
)

PERMISSIONS = {
    "intake": OFFICE
    | FILES
    | {
        "recruitment.send_back_application",
        "recruitment.recommend_application",
        "recruitment.turn_down_application",
        "recruitment.verify_document",
        "recruitment.reject_document",
        "recruitment.view_formerimport",
        "recruitment.read_formerimport",
        "recruitment.put_aside_formerimport",
    }
    | CLERK
    | EVENTS
    | DOOR
    | RATINGS
    | CALL_BACK
    | ASK_PHONE
    | ASSESSED
    | {"evaluations.enter_merit", "evaluations.revoke_merit"}
    | HANDLE
    | OPERATE
    | {
        "services.allow_visit_servicerequest",
        "services.verify_service",
        "payments.view_bankaccount",
        "payments.enter_account_bankaccount",
    },
    "reviewer": OFFICE
    | FILES
    | {
        "recruitment.add_round",
        "recruitment.change_round",
        "recruitment.approve_application",
        "recruitment.announce_application",
        "recruitment.recall_application",
        "recruitment.decline_application",
        "recruitment.publish_notice",
        "recruitment.annul_notice",
        "recruitment.discard_notice",
        "recruitment.view_formerimport",
        "recruitment.take_in_formerimport",
        "recruitment.put_aside_formerimport",
        "recruitment.undo_formerimport",
    }
    | SERVED
    | EVENTS
    | FINDING
    | ASSESSED
    | {"evaluations.assess_assessment"}
    | WEIGH
    | REVIEWS
    | CONFIRM_PHONE
    | {
        "payments.view_bankaccount",
        "payments.confirm_account_bankaccount",
        "payments.refuse_account_bankaccount",
        "services.view_scoresheet",
        "services.view_scoretemplate",
        "services.add_scoretemplate",
        "services.change_scoretemplate",
        "services.publish_reviewpanel",
        "services.see_number_call",
        "services.rule_service",
        "services.reject_service",
        "services.publish_activity",
        "services.cancel_activity",
    },
    "leader": OFFICE
    | FILES
    | {
        "recruitment.appoint_application",
        "recruitment.view_formerimport",
        "recruitment.undo_formerimport",
        "recruitment.decline_application",
        "recruitment.view_objection",
        "recruitment.decide_objection",
        "experts.view_disclosure",
        *SERVED,
        *EVENTS,
        *DECIDE,
        *ASSESSED,
        "evaluations.release_assessment",
        *CONFIRM,
        *RELEASE_PAY,
        *CONFIRM_FACTOR,
        "evaluations.view_rating",
        "evaluations.view_ratingcase",
        "evaluations.view_honour",
        "evaluations.confer_honour",
        "evaluations.refuse_honour",
        "evaluations.revoke_honour",
        "services.view_reading",
    },
    "matcher": OFFICE
    | CLERK
    | RATINGS
    | EVENTS
    | ORGANISER
    | {
        "experts.view_disclosure",
        "services.offer_servicerequest",
        "services.arrange_servicerequest",
        "services.turn_away_servicerequest",
        "services.replace_offer",
        "services.read_servicerequest",
    },
    "inspector": OFFICE
    | FILES
    | {
        "recruitment.view_objection",
        "recruitment.examine_objection",
        "recruitment.report_objection",
        "recruitment.answer_objection",
        "recruitment.file_lead_objection",
        "recruitment.view_formerimport",
        *SERVED,
        *EVENTS,
        *REPORTS,
        *ASSESSED,
        "evaluations.confirm_result_assessment",
        "evaluations.amend_result_assessment",
        *WATCH,
        *SUPERVISE,
        "services.view_reading",
        "payments.view_bankaccount",
        "payments.watch_bankaccount",
        "experts.view_disclosure",
        "expertteam.view_rolegrant",
        "expertteam.confirm_rolegrant",
        "expertteam.revoke_rolegrant",
        "expertteam.issue_code_rolegrant",
        "expertteam.view_user",
        "expertteam.view_listexport",
        "experts.view_partner",
        "experts.view_partnerkey",
        "experts.confirm_key_partnerkey",
        "experts.revoke_key_partnerkey",
        "expertteam.propose_factor_accountchange",
        *CONFIRM_FACTOR,
    },
    "cashier": TEAM | MAKE_PAY,
    "auditor": TEAM | CHECK_PAY,
    "admin": {
        "expertteam.view_user",
        "expertteam.add_user",
        "expertteam.change_user",
        "expertteam.view_rolegrant",
        "expertteam.propose_rolegrant",
        "expertteam.revoke_rolegrant",
        "expertteam.propose_factor_accountchange",
        *ASK_PHONE,
        "evaluations.hand_on_dismissal",
        "expertteam.view_calendaryear",
        "expertteam.add_calendaryear",
        "expertteam.change_calendaryear",
        "expertteam.view_calendarday",
        "expertteam.add_calendarday",
        "expertteam.change_calendarday",
        "expertteam.delete_calendarday",
        "expertteam.view_policy",
        "expertteam.add_policy",
        "expertteam.change_policy",
        "evaluations.view_scheme",
        "evaluations.add_scheme",
        "expertteam.view_listexport",
        "expertteam.view_notification",
        "expertteam.change_notification",
        "experts.view_partner",
        "experts.add_partner",
        "experts.change_partner",
        "experts.view_partnerkey",
        "experts.issue_partnerkey",
        "experts.revoke_key_partnerkey",
    },
    "expert": set(),
    "client": set(),
}


def sync(using="default", **_):
    """Give every role exactly the permissions of the table; a permission that does not exist is an error."""
    for app in apps.get_app_configs():
        create_permissions(app, verbosity=0, using=using)
    permissions = apps.get_model("auth", "Permission").objects.using(using).select_related("content_type")
    known = {f"{each.content_type.app_label}.{each.codename}": each for each in permissions}
    for role, names in PERMISSIONS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=role)
        group.permissions.set([known[name] for name in names])
