with weights as (
    select
        count(*) as count_residences,
        sum(population_weight) as sum_of_weights
    from {{ ref('residential') }}
)

select *
from weights
where count_residences > 0 and abs(sum_of_weights - 1) > 1e-9
