{#
    First business day on whose morning a moment (naive UTC) lies in the past: what is known by the close of day D - 1,
    exactly at midnight included, may be used on day D. One rule for labels here and in learning.
#}
{% macro usable_date(known_at) -%}
    (timezone(settings.timezone, timezone('UTC', {{ known_at }})) + interval 1 day - interval 1 microsecond)::date
{%- endmacro %}
