with summed as (
    select coalesce(sum(count_merchants), 0) as count_merchants
    from {{ ref('district_summary') }}
),

listed as (
    select count(*) as count_merchants
    from {{ ref('merchants') }}
)

select summed.count_merchants
from summed
cross join listed
where summed.count_merchants != listed.count_merchants
