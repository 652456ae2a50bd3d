{# One element of a list, chosen by the md5 of an id and a salt: the same on every machine and DuckDB version. #}
{% macro stable_pick(options, id, salt) -%}
    {{ options }}[1 + (md5_number_lower(concat({{ id }}, ':{{ salt }}')) % len({{ options }}))::bigint]
{%- endmacro %}
