select
    attack_id,
    actor_id
from {{ without_catalog(source('plan', 'attacks')) }}
