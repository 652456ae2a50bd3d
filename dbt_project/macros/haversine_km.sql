{# Great-circle distance in km on a sphere of 6,371.0088 km (IUGG mean radius); arguments in degrees. #}
{% macro haversine_km(latitude, longitude, other_latitude, other_longitude) -%}
    2 * 6371.0088 * asin(least(1.0, sqrt(
        pow(sin(radians({{ other_latitude }} - {{ latitude }}) / 2), 2)
        + cos(radians({{ latitude }})) * cos(radians({{ other_latitude }}))
        * pow(sin(radians({{ other_longitude }} - {{ longitude }}) / 2), 2)
    )))
{%- endmacro %}
