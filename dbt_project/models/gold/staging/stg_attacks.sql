select
    attack_id,
    actor_id
from {{ source('plan', 'attacks') }}
