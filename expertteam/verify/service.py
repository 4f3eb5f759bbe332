"""Services and ratings (Articles 4, 8, 10 and 14)."""

from expertteam.verify.invariant import Invariant

MET = "('arranged', 'held', 'confirmed', 'rated')"
FIRST_WORD = (
    """(SELECT MIN(x.history_id) FROM evaluations_historicalrating x WHERE x.id = g.id AND x.state = 'given')"""
)

INVARIANTS = [
    Invariant(
        "I7.time", "10(3)", "专家的时间不给出两次",
        """SELECT a.id FROM services_engagement a JOIN services_engagement b ON b.expert_id = a.expert_id AND b.id > a.id
            AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at WHERE a.live = TRUE AND b.live = TRUE""",
    ),
    Invariant(
        "I7.held", "10(3)", "专家接受的安排占着他的时间",
        """SELECT o.id FROM services_offer o WHERE o.state = 'accepted' AND o.starts_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM services_engagement g WHERE g.request_id = o.request_id AND g.expert_id = o.expert_id
              AND g.live = TRUE AND g.starts_at = o.starts_at)""",
    ),
    Invariant(
        "I8.voluntary", "14", "约定的预约都有专家本人的接受",
        f"""SELECT r.number FROM services_servicerequest r WHERE r.state IN {MET} AND NOT EXISTS (
            SELECT 1 FROM services_historicaloffer h JOIN experts_expert e ON e.id = h.expert_id
            WHERE h.request_id = r.id AND h.expert_id = r.expert_id AND h.state = 'accepted'
              AND h.history_user_id = e.user_id)""",
    ),
    Invariant(
        "I8.asked", "14", "每个预约都有服务对象的知情确认",
        """SELECT r.number FROM services_servicerequest r WHERE NOT EXISTS (
            SELECT 1 FROM services_acknowledgement k WHERE k.request_id = r.id AND k.digest <> '')""",
    ),
    Invariant(
        "I8.place", "8", "约定的预约有专家、时间、时长和地点",
        f"""SELECT r.number FROM services_servicerequest r WHERE r.state IN {MET} AND (r.expert_id IS NULL
            OR r.starts_at IS NULL OR r.minutes < 1 OR (r.place = 'centre' AND r.room = ''))""",
    ),
    Invariant(
        "I9.rating", "10(1)", "每次服务至多一个评价，由服务对象在期限内给出",
        """SELECT service_id FROM evaluations_rating GROUP BY service_id HAVING COUNT(*) > 1
            UNION SELECT service_id FROM evaluations_rating WHERE state = 'given'
              AND (grade IS NULL OR given_at IS NULL OR given_at < made_at OR given_at > until)""",
    ),
    Invariant(
        "I9.channel", "10(1)", "本人评价出自服务对象本人，代录的评价写明谁代录",
        f"""SELECT g.service_id FROM evaluations_rating g JOIN evaluations_historicalrating h ON h.history_id = {FIRST_WORD}
            JOIN services_service s ON s.id = g.service_id LEFT JOIN services_servicerequest r ON r.id = s.request_id
            LEFT JOIN expertteam_user u ON u.id = h.history_user_id
            WHERE g.state = 'given' AND ((g.channel IN ('phone', 'paper') AND u.id IS NULL)
              OR (h.channel = 'link' AND u.id IS NOT NULL AND u.id <> COALESCE(r.client_id, 0)
                AND COALESCE(u.phone_index, '') <> COALESCE(s.phone_index, '-')))""",
    ),
    Invariant(
        "I9.case", "10(1)", "每个不满意的评价都有回访，评的是完成了的服务",
        """SELECT g.service_id FROM evaluations_rating g JOIN services_service s ON s.id = g.service_id
            WHERE g.state = 'given' AND (s.state NOT IN ('confirmed', 'verified', 'ruled') OR s.expert_id <> g.expert_id
              OR (g.grade <= 2 AND NOT EXISTS (SELECT 1 FROM evaluations_ratingcase c WHERE c.rating_id = g.id)))""",
    ),
    Invariant(
        "I10.grants", "4", "咨询内容只授权给匹配的专家，从匹配到办结，办结后一个也不留",
        """SELECT 'services.grant ' || CAST(g.id AS TEXT) FROM services_servicerequestgrant g
              JOIN services_servicerequest r ON r.id = g.content_object_id
              WHERE r.state NOT IN ('accepted', 'arranged', 'held') OR NOT EXISTS (
                SELECT 1 FROM services_offer o JOIN experts_expert e ON e.id = o.expert_id
                WHERE o.request_id = r.id AND o.expert_id = r.expert_id AND e.user_id = g.user_id
                  AND o.state IN ('accepted', 'done'))
            UNION SELECT 'guardian.user ' || CAST(id AS TEXT) FROM guardian_userobjectpermission
            UNION SELECT 'guardian.group ' || CAST(id AS TEXT) FROM guardian_groupobjectpermission""",
    ),
    Invariant(
        "I10.readings", "4", "专家查阅的都是本人接受过的咨询，并且在接受之后",
        """SELECT d.id FROM services_reading d JOIN experts_expert e ON e.user_id = d.reader_id
            WHERE NOT EXISTS (SELECT 1 FROM services_historicaloffer h WHERE h.request_id = d.request_id
                AND h.expert_id = e.id AND h.state = 'accepted' AND h.history_date <= d.read_at)
              AND NOT EXISTS (SELECT 1 FROM expertteam_rolegrant g WHERE g.user_id = d.reader_id)""",
    ),
]  # fmt: skip
