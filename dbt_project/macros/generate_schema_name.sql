{# A model lives in exactly the schema it names, so that schema.table is also its asset key. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
