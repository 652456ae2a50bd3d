with districts as (
    select * from {{ ref('districts') }}
),

areas as (
    select
        district_id,
        area_km2
    from {{ ref('int_districts') }}
),

homes as (
    select
        district_id,
        count(*) as count_residences
    from {{ ref('residential') }}
    group by district_id
),

shops as (
    select
        district_id,
        count(*) as count_merchants,
        count(*) filter (where risk_level = 'HIGH') as count_high_risk_merchants,
        count(*) filter (where risk_level = 'VERY_HIGH') as count_very_high_risk_merchants
    from {{ ref('merchants') }}
    group by district_id
),

district_summary as (
    select
        districts.district_id,
        districts.region_id,
        districts.district_name,
        districts.region_name,
        coalesce(homes.count_residences, 0)::bigint as count_residences,
        coalesce(shops.count_merchants, 0)::bigint as count_merchants,
        coalesce(shops.count_high_risk_merchants, 0)::bigint as count_high_risk_merchants,
        coalesce(shops.count_very_high_risk_merchants, 0)::bigint as count_very_high_risk_merchants,
        areas.area_km2,
        case
            when homes.count_residences > 0
                then round(coalesce(shops.count_merchants, 0) / homes.count_residences, 2)
            else 0.0
        end::double as merchant_to_residential_ratio
    from districts
    left join areas on districts.district_id = areas.district_id
    left join homes on districts.district_id = homes.district_id
    left join shops on districts.district_id = shops.district_id
)

select * from district_summary
order by district_id
