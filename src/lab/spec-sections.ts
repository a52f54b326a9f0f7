import type { SpecSection } from '../domain/lab-case.ts';

const AUTH_1 = 'https://iiif.io/api/auth/1.0/';
const AUTH_2 = 'https://iiif.io/api/auth/2.0/';
const IMAGE_3 = 'https://iiif.io/api/image/3.0/';
const PRESENTATION_3 = 'https://iiif.io/api/presentation/3.0/';

/** Sections of the specifications that cases exercise. */
export const SECTION = {
  login1: section('Authentication 1.0 §2.1.3 Login', AUTH_1, 'login-interaction-pattern'),
  clickthrough1: section('Authentication 1.0 §2.1.4 Clickthrough', AUTH_1, 'clickthrough-interaction-pattern'),
  kiosk1: section('Authentication 1.0 §2.1.5 Kiosk', AUTH_1, 'kiosk-interaction-pattern'),
  external1: section('Authentication 1.0 §2.1.6 External', AUTH_1, 'external-interaction-pattern'),
  token1: section('Authentication 1.0 §2.2 Access token service', AUTH_1, 'access-token-service'),
  tokenErrors1: section('Authentication 1.0 §2.2.6 Access token error conditions', AUTH_1, 'access-token-error-conditions'),
  interaction1: section('Authentication 1.0 §3 Interaction with resources', AUTH_1, 'interaction-with-access-controlled-resources'),
  allOrNothing1: section('Authentication 1.0 §3.1 All or nothing', AUTH_1, 'all-or-nothing-access'),
  tiered1: section('Authentication 1.0 §3.2 Tiered access', AUTH_1, 'tiered-access'),
  workflow1: section('Authentication 1.0 §4 Workflow', AUTH_1, 'workflow-from-the-browser-client-perspective'),
  declaring2: section('Authorization Flow 2.0 §2.1 Declaring services', AUTH_2, 'authorization-flow-services'),
  active2: section('Authorization Flow 2.0 §3.3.1 Active', AUTH_2, 'active-interaction-pattern'),
  kiosk2: section('Authorization Flow 2.0 §3.3.2 Kiosk', AUTH_2, 'kiosk-interaction-pattern'),
  external2: section('Authorization Flow 2.0 §3.3.3 External', AUTH_2, 'external-interaction-pattern'),
  tokenRequest2: section('Authorization Flow 2.0 §4.2 Access token request', AUTH_2, 'access-token-service-request'),
  tokenErrors2: section('Authorization Flow 2.0 §4.5 Access token error format', AUTH_2, 'access-token-error-format'),
  probe2: section('Authorization Flow 2.0 §5.2 Probe service response', AUTH_2, 'probe-service-response'),
  location2: section('Authorization Flow 2.0 §5.2 location', AUTH_2, 'location'),
  substitute2: section('Authorization Flow 2.0 §5.2 substitute', AUTH_2, 'substitute'),
  workflow2: section('Authorization Flow 2.0 §7 Workflow', AUTH_2, 'workflow-from-the-browser-client-perspective'),
  tiered2: section('Authorization Flow 2.0 §7.1 Tiered access', AUTH_2, 'tiered-access'),
  sizes: section('Image API 3.0 §5.2 Technical properties', IMAGE_3, '52-technical-properties'),
  rendering: section('Presentation API 3.0 §3.3.1 rendering', PRESENTATION_3, 'rendering'),
  content: section('Presentation API 3.0 §5.7 Content resources', PRESENTATION_3, '57-content-resources'),
  manifest: section('Presentation API 3.0 §5.2 Manifest', PRESENTATION_3, '52-manifest'),
} as const satisfies Readonly<Record<string, SpecSection>>;

function section(label: string, specification: string, anchor: string): SpecSection {
  return { label, uri: `${specification}#${anchor}` };
}
