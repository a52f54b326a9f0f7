import { describe, expect, it } from 'vitest';
import { parseIdpMetadata } from './saml-metadata.ts';

const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';

function key(use: string, text: string): string {
  return `<KeyDescriptor${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n${text}\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`;
}

function entity(inside: string, id = 'https://idp.example.edu'): string {
  return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${id}">${inside}</EntityDescriptor>`;
}

function role(inside: string, protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'): string {
  return `<IDPSSODescriptor protocolSupportEnumeration="${protocol}">${inside}</IDPSSODescriptor>`;
}

const SIGN_ON = `<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.edu/post"/><SingleSignOnService Binding="${REDIRECT}" Location="https://idp.example.edu/redirect"/>`;

describe('the metadata of an identity provider', () => {
  it('gives issuer, addresses and the certificates for signing', () => {
    const keys = [key(' use="signing"', 'AAAA'), key(' use="encryption"', 'BBBB'), key('', 'CC\n  CC'), key(' use="signing"', 'AAAA')];
    const logout = `<SingleLogoutService Binding="${REDIRECT}" Location="https://idp.example.edu/logout"/>`;
    expect(parseIdpMetadata(`<?xml version="1.0"?><!-- by hand -->${entity(role(`${keys.join('')}${logout}${SIGN_ON}`))}`)).toEqual({
      issuer: 'https://idp.example.edu',
      signOnUrl: 'https://idp.example.edu/redirect',
      signOutUrl: 'https://idp.example.edu/logout',
      certificates: ['AAAA', 'CCCC'].map((text) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`),
    });
  });

  it('may stand in a list where it is the only one', () => {
    const service = entity('<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/>', 'https://sp.example');
    const list = `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${service}${entity(role(key('', 'AAAA') + SIGN_ON))}</EntitiesDescriptor>`;
    expect(parseIdpMetadata(list)).toMatchObject({ issuer: 'https://idp.example.edu', signOutUrl: null });
  });

  it.each([
    ['no XML', 'hello', 'cannot be read'],
    ['a document type', `<!DOCTYPE x>${entity(role(SIGN_ON))}`, 'cannot be read'],
    ['a service provider only', entity(''), 'no SAML 2.0 identity provider'],
    ['SAML 1.1 only', entity(role(SIGN_ON, 'urn:oasis:names:tc:SAML:1.1:protocol')), 'no SAML 2.0 identity provider'],
    ['no certificate', entity(role(SIGN_ON)), 'no certificate for signing'],
    ['a certificate for encryption only', entity(role(key(' use="encryption"', 'AAAA') + SIGN_ON)), 'no certificate for signing'],
    ['no address', entity(role(key('', 'AAAA'))), 'no single sign-on service for HTTP-Redirect'],
    ['no entity id', entity(role(key('', 'AAAA') + SIGN_ON), ''), 'no entity id'],
    ['two providers', `<x>${entity(role(SIGN_ON))}${entity(role(SIGN_ON), 'https://other.example')}</x>`, '2 identity providers'],
  ])('is a mistake with %s', (_what, text, sentence) => {
    expect(parseIdpMetadata(text)).toEqual({ mistake: expect.stringContaining(sentence) });
  });
});
