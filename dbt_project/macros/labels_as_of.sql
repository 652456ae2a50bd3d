{#
    One rule for labels, here, in learning and in exports: at a moment T the bank may use what it knew by T, exactly at T
    included. On a business day it may use what it knew when the day opened, at midnight of the world's clock.
#}

{# Whether a label may be used at a moment (naive UTC); never where there is none. #}
{% macro label_is_known(known_at, moment) -%}
    coalesce({{ known_at }} <= {{ moment }}, false)
{%- endmacro %}

{# First business day that may use what was known at a moment (naive UTC): the first that opens at it or after it. #}
{% macro usable_date(known_at) -%}
    (timezone(settings.timezone, timezone('UTC', {{ known_at }})) + interval 1 day - interval 1 microsecond)::date
{%- endmacro %}

{# Moment (naive UTC) at which a business day opens. #}
{% macro opening_of(event_date) -%}
    timezone('UTC', timezone(settings.timezone, ({{ event_date }})::timestamp))
{%- endmacro %}
