/** The last segment of a URI. */
export const SERVICE_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** The shape of a language tag (BCP 47), or `none` as in language maps. */
export const LANGUAGE_TAG = /^(none|[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)$/;

/** https://iiif.io/api/auth/1.0/#service-description */
export const SERVICE_PATTERNS = ['login', 'clickthrough', 'kiosk', 'external'] as const;

/** Of what was got at a service: a year, longer than any session. */
export const MOST_MINUTES = 525_600;
