/** iiif-processor as its manual shows it. Arguments: the folder of pictures, the port. */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Processor } from 'iiif-processor';
import sharp from 'sharp';

const [folder = '', port = ''] = process.argv.slice(2);
// What is fastest where a server has one core.
sharp.concurrency(1);

/** Sizes of all levels, so that the nearest one is chosen; read once for each picture. */
const sizes = new Map();

async function readSizes(file) {
  const { pages = 1 } = await sharp(file).metadata();
  const levels = Array.from({ length: pages }, (_, page) => sharp(file, { page }).metadata());
  return (await Promise.all(levels)).map(({ width, height }) => ({ width, height }));
}

function sizesOf(file) {
  const reading = sizes.get(file) ?? readSizes(file);
  sizes.set(file, reading);
  return reading;
}

async function answer(request, response) {
  const fileOf = ({ id }) => join(folder, decodeURIComponent(id));
  const processor = new Processor(`http://${request.headers.host}${request.url}`, async (image) => createReadStream(fileOf(image)), {
    dimensionFunction: (image) => sizesOf(fileOf(image)),
  });
  const result = await processor.execute();
  if (result.type === 'content') response.writeHead(200, { 'content-type': result.contentType }).end(result.body);
  else response.writeHead(result.statusCode ?? 303, { location: result.location ?? '' }).end(result.message);
}

createServer((request, response) => {
  if (request.url === '/') response.end();
  else answer(request, response).catch((error) => response.writeHead(error.statusCode ?? 500).end(String(error)));
}).listen(Number(port), '127.0.0.1', 4096);
