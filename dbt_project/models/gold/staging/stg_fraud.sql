select
    event_id,
    attack_id,
    campaign_id,
    typology,
    phase::varchar as phase,
    campaign_phase::varchar as campaign_phase,
    step,
    is_claimed,
    event_date
from {{ without_catalog(source('truth', 'fraud')) }}
