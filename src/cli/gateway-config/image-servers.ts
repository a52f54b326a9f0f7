import type { ImageServer, ImageServerName } from './facts.ts';

/** Image servers that a configuration can be written for, with what is to be known of each. */
export const IMAGE_SERVERS: Readonly<Record<ImageServerName, ImageServer>> = {
  iipimage: {
    name: 'iipimage',
    label: 'IIPImage',
    speaks: 'fastcgi',
    upstream: 'http://127.0.0.1:8182/iiif/',
    version: 2,
    slash: '%2F',
    advice: [
      'Start it with: iipsrv.fcgi --bind 127.0.0.1:9000 (or another address, given with --fastcgi), and with URI_MAP=iiif=>IIIF and FILESYSTEM_PREFIX=/srv/images/ in its environment.',
      'Publish no /fcgi-bin/iipsrv.fcgi beside this: by its own protocols (IIP, Zoomify, DeepZoom) it gives every file to everybody.',
      'Leave its CORS setting empty: the answers here say who may read them.',
    ],
  },
  cantaloupe: {
    name: 'cantaloupe',
    label: 'Cantaloupe',
    speaks: 'http',
    upstream: 'http://127.0.0.1:8182/iiif/3/',
    version: 3,
    slash: '%2F',
    advice: [
      'In cantaloupe.properties: http.host = 127.0.0.1, so that other machines reach it through the gateway only.',
      'Switch off what is not needed: endpoint.iiif.1.enabled = false, endpoint.admin.enabled = false, endpoint.api.enabled = false.',
      'Leave slash_substitute empty: identifiers arrive with %2F.',
      'Its caches may stay on: who may see what is decided before it is asked.',
    ],
  },
  digilib: {
    name: 'digilib',
    label: 'digilib',
    speaks: 'http',
    upstream: 'http://127.0.0.1:8080/digilib/Scaler/IIIF/',
    version: 2,
    slash: '!',
    advice: [
      'In Tomcat’s server.xml: <Connector address="127.0.0.1" …>, so that other machines reach it through the gateway only.',
      'Publish neither /digilib/Scaler itself nor /digilib/servlet: with fn= they give every file to everybody.',
      'Tomcat takes no %2F: iiif-slash-replacement in digilib-config.xml stays "!", and the options file of the gateway says slash: "!" beside its url.',
    ],
  },
  sipi: {
    name: 'sipi',
    label: 'SIPI',
    speaks: 'http',
    upstream: 'http://127.0.0.1:1024/iiif/',
    version: 3,
    slash: '%2F',
    advice: [
      'Let its port be reached from this machine only (firewall, or the network of the containers): it listens on every address.',
      'The last part of the upstream is the prefix that SIPI wants before each identifier.',
      'It speaks Image API 3, which its address does not say: the options file of the gateway says version: 3 beside its url.',
      'Its pre_flight function may allow everything: who may see what is decided before it is asked.',
    ],
  },
  loris: {
    name: 'loris',
    label: 'Loris',
    speaks: 'http',
    upstream: 'http://127.0.0.1:5004/loris/',
    version: 2,
    slash: '%2F',
    advice: [
      'Bind its WSGI server to 127.0.0.1, so that other machines reach it through the gateway only.',
      'Leave proxy_path and cors_regex empty: the information documents and headers that visitors see are written by the gateway.',
    ],
  },
};
