"""What the duties of the office take: permissions by duty, of which ``roles`` makes its table."""

TEAM = {"experts.view_expert", "experts.view_speciality", "experts.view_appointment"}  # who is in it, and until when
OFFICE = TEAM | {"recruitment.view_round", "recruitment.view_notice"}
OFFICE |= {"recruitment.view_candidate", "expertteam.view_calendaryear", "expertteam.view_policy"}
SERVED = {
    "services.view_servicerequest",
    "services.view_offer",
    "services.view_service",
    "services.view_engagement",
    "services.view_call",
}
CLERK = SERVED | {  # by telephone and at the counter, whatever a client does himself on the web
    "services.ask_servicerequest",
    "services.change_time_servicerequest",
    "services.reschedule_servicerequest",
    "services.cancel_servicerequest",
    "services.confirm_service",
    "services.query_service",
    "services.report_absence_offer",
    "services.see_number_call",
}
EVENTS = {"services.view_activity", "services.view_activityrole", "services.view_pairing"}
DOOR = {  # whoever stands at the door of an activity, or takes a call about it
    "services.view_signup",
    "services.take_signup",
    "services.give_up_signup",
    "services.check_in_signup",
    "services.miss_signup",
}
ORGANISER = DOOR | {
    "services.draft_activity",
    "services.revise_activity",
    "services.amend_activity",
    "services.hold_activity",
    "services.close_activity",
    "services.cancel_activity",
    "services.invite_activityrole",
    "services.release_activityrole",
    "services.view_pairingmember",
    "services.propose_pairing",
    "services.add_member_pairing",
    "services.release_member_pairing",
    "services.close_pairing",
    "services.call_off_pairing",
}
RATINGS = {
    "evaluations.view_rating",
    "evaluations.give_rating",
    "evaluations.revise_rating",
    "evaluations.resend_rating",
    "evaluations.take_report",
}
CALL_BACK = {
    "evaluations.view_ratingcase",
    "evaluations.miss_call_ratingcase",
    "evaluations.give_up_call_ratingcase",
    "evaluations.call_back_ratingcase",
    "evaluations.close_ratingcase",
    "evaluations.follow_up_ratingcase",
}
FINDING = {
    "evaluations.view_rating",
    "evaluations.view_ratingcase",
    "evaluations.show_quote_rating",
    "evaluations.withhold_quote_rating",
    "evaluations.find_ratingcase",
    "evaluations.rectify_ratingcase",
    "evaluations.close_ratingcase",
    "evaluations.view_honour",
    "evaluations.nominate_honour",
}
REPORTS = {
    "evaluations.view_honour",
    "evaluations.view_rating",
    "evaluations.view_ratingcase",
    "evaluations.inspect_cluster_ratingcase",
    "evaluations.view_report",
    "evaluations.identify_report",
    "evaluations.examine_report",
    "evaluations.ask_expert_report",
    "evaluations.shelve_report",
    "evaluations.uphold_report",
    "evaluations.dismiss_report",
    "evaluations.answer_report",
}
ASSESSED = {"evaluations.view_assessment", "evaluations.view_merit", "evaluations.view_scheme"}  # a year of an expert
CASES = {  # the ledger, what was not done, and the cases of dismissal, as they stand
    "evaluations.view_refusal",
    "evaluations.view_strike",
    "evaluations.view_talk",
    "evaluations.view_dismissal",
    "evaluations.view_dismissalfile",
    "evaluations.view_delivery",
    "evaluations.view_plea",
}
HANDLE = CASES | {  # Article 12: looks into it, tells the expert, writes down what he says
    "evaluations.open_refusal",
    "evaluations.ask_reason_refusal",
    "evaluations.set_aside_refusal",
    "evaluations.lapse_reason_refusal",
    "evaluations.record_talk",
    "evaluations.propose_dismissal",
    "evaluations.take_up_dismissal",
    "evaluations.forward_dismissal",
    "evaluations.add_evidence_dismissal",
    "evaluations.issue_notice_dismissal",
    "evaluations.serve_notice_dismissal",
    "evaluations.record_defence_dismissal",
    "evaluations.record_hearing_request_dismissal",
    "evaluations.extend_dismissal",
    "evaluations.lapse_defence_dismissal",
    "evaluations.set_hearing_dismissal",
    "evaluations.serve_decision_dismissal",
    "evaluations.hand_on_dismissal",
}
WEIGH = CASES | {  # finds what counts, hears and weighs what the expert says; handles nothing
    "evaluations.judge_refusal",
    "evaluations.drop_dismissal",
    "evaluations.record_hearing_dismissal",
    "evaluations.miss_hearing_dismissal",
    "evaluations.weigh_dismissal",
}
CONFIRM = CASES | {  # 经市人社部门确认
    "evaluations.reconsider_dismissal",
    "evaluations.confirm_dismissal",
    "evaluations.keep_dismissal",
}
WATCH = CASES | {  # hears appeals against the ledger, looks at where cases come from
    "evaluations.maintain_strike",
    "evaluations.reverse_strike",
    "evaluations.propose_dismissal",
    "evaluations.inspect_origin_dismissal",
}
REVIEWS = {  # a review with its draws; no name of a member
    "services.view_reviewpanel",
    "services.view_reviewproject",
    "services.view_draw",
    "services.view_seat",
}
OPERATE = REVIEWS | {  # whoever runs a review, from its conditions to the last sheet
    "services.view_choice",
    "services.view_recusalrequest",
    "services.view_scoretemplate",
    "services.view_scoresheet",
    "services.draft_reviewpanel",
    "services.revise_reviewpanel",
    "services.add_project_reviewpanel",
    "services.drop_project_reviewpanel",
    "services.freeze_reviewpanel",
    "services.choose_reviewpanel",
    "services.convene_reviewpanel",
    "services.close_scoring_reviewpanel",
    "services.record_recusalrequest",
    "services.commit_draw",
    "services.fix_draw",
    "services.reveal_draw",
    "services.enter_value_draw",
    "services.ask_abort_draw",
    "services.abort_draw",
    "services.sign_draw",
    "services.look_up_seat",
    "services.report_unreachable_seat",
    "services.report_absent_seat",
    "services.excuse_seat",
    "services.rule_out_seat",
    "services.pass_on_seat",
    "services.take_as_agreed_seat",
}
SUPERVISE = REVIEWS | {  # Article 10(4): watches, adds a secret, halts, signs; never chooses, never scores
    "services.view_choice",
    "services.view_recusalrequest",
    "services.view_scoresheet",
    "services.view_poolentry",
    "services.view_panelreading",
    "services.witness_draw",
    "services.commit_draw",
    "services.reveal_draw",
    "services.enter_value_draw",
    "services.ask_abort_draw",
    "services.abort_draw",
    "services.sign_draw",
    "services.support_choice",
    "services.oppose_choice",
    "services.uphold_recusalrequest",
    "services.dismiss_recusalrequest",
    "services.call_halt",
    "services.lift_halt",
    "services.look_up_seat",
    "services.send_back_seat",
    "services.stand_down_seat",
    "services.take_seat_reviewpanel",
    "services.conclude_reviewpanel",
}
DECIDE = REVIEWS | {
    "services.view_choice",
    "services.view_scoresheet",
    "services.approve_choice",
    "services.refuse_choice",
    "services.answer_objection_seat",
    "services.abort_draw",
    "services.cancel_reviewpanel",
}
PAY = {  # Article 13: what is owed, to whom, how it was worked out, what became of it
    "payments.view_rateschedule",
    "payments.view_claim",
    "payments.view_line",
    "payments.view_correction",
    "payments.view_payee",
    "payments.view_bankaccount",
    "payments.view_batch",
    "payments.view_payout",
    "payments.view_bankreturn",
    "payments.view_bankresult",
    "payments.view_export",
}
MAKE_PAY = PAY | {
    "payments.draft_rateschedule",
    "payments.revise_rateschedule",
    "payments.attach_rateschedule",
    "payments.drop_rateschedule",
    "payments.agree_claim",
    "payments.propose_correction",
    "payments.change_payee",
    "payments.make_batch",
    "payments.take_out_batch",
    "payments.submit_batch",
    "payments.dissolve_batch",
    "payments.export_batch",
    "payments.read_bankreturn",
    "payments.apply_bankreturn",
    "payments.discard_bankreturn",
}
CHECK_PAY = PAY | {
    "payments.confirm_schedule_rateschedule",
    "payments.sign_correction",
    "payments.refuse_correction",
    "payments.send_back_batch",
    "payments.approve_batch",
    "payments.clear_returnrow",
}
RELEASE_PAY = PAY | {
    "payments.release_batch",
    "payments.hold_back_batch",
    "payments.consent_payee",
    "payments.change_payee",
}
FILES = {
    "recruitment.view_application",
    "recruitment.view_document",
    "recruitment.view_judgement",
    "recruitment.view_wish",
}
CHANGES = {"expertteam.view_accountchange", "expertteam.stop_accountchange"}  # what is changed of an account, by two
ASK_PHONE = CHANGES | {
    "expertteam.ask_phone_accountchange",
    "expertteam.send_code_accountchange",
    "expertteam.prove_accountchange",
}
CONFIRM_PHONE = CHANGES | {"expertteam.confirm_phone_accountchange"}
CONFIRM_FACTOR = CONFIRM_PHONE | {"expertteam.reset_factor_accountchange"}
