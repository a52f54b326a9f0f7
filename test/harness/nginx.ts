import { NGINX } from '../setup/real-parts.ts';
import { startWebFront, type WebFront, type WebFrontKind } from './web-front.ts';

const KIND: WebFrontKind = {
  part: NGINX,
  configuration(folder, http) {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`);
    return `${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
${temporary.join('\n')}
${http}
}
`;
  },
  args: (file, folder) => ['-p', folder, '-c', file, '-e', 'stderr'],
};

/** nginx with what people put into a file of `conf.d`. `url`: where it answers then. */
export function startNginx(http: string, url: string): Promise<WebFront> {
  return startWebFront(KIND, http, url);
}
