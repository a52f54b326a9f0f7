/** Radius and height of a vase, from the foot to the lip, in metres. */
const PROFILE: ReadonlyArray<readonly [radius: number, height: number]> = [
  [0, 0],
  [0.075, 0],
  [0.085, 0.01],
  [0.07, 0.03],
  [0.095, 0.08],
  [0.125, 0.14],
  [0.13, 0.19],
  [0.11, 0.25],
  [0.07, 0.3],
  [0.05, 0.34],
  [0.055, 0.37],
  [0.075, 0.39],
];
const SIDES = 32;

interface Mesh {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly places: Float32Array;
  readonly indices: Uint16Array;
}

/** A glazed vase as glTF 2.0, as one file in either form. https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html */
export function writeVase(texture: Uint8Array): { readonly glb: Buffer; readonly gltf: string } {
  const mesh = turnVase();
  const arrays = [mesh.positions, mesh.normals, mesh.places, mesh.indices];
  const bin = Buffer.concat(arrays.map((array) => padded(Buffer.from(array.buffer), 0)));
  const all = Buffer.concat([bin, padded(Buffer.from(texture), 0)]);
  const within = { bufferView: arrays.length, mimeType: 'image/jpeg' };
  const glb = writeGlb(describe(mesh, { byteLength: all.length }, within, texture.length), all);
  const written = { uri: dataUri('application/octet-stream', bin), byteLength: bin.length };
  const gltf = describe(mesh, written, { uri: dataUri('image/jpeg', texture) }, null);
  return { glb, gltf: `${JSON.stringify(gltf)}\n` };
}

function dataUri(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

function turnVase(): Mesh {
  const positions: number[] = [];
  const normals: number[] = [];
  const places: number[] = [];
  const indices: number[] = [];
  for (const [ring, [radius, height]] of PROFILE.entries()) {
    const [lowRadius, lowHeight] = PROFILE[Math.max(0, ring - 1)] as readonly [number, number];
    const [highRadius, highHeight] = PROFILE[Math.min(PROFILE.length - 1, ring + 1)] as readonly [number, number];
    const length = Math.hypot(highHeight - lowHeight, highRadius - lowRadius);
    const outward = (highHeight - lowHeight) / length;
    const upward = (lowRadius - highRadius) / length;
    for (let side = 0; side <= SIDES; side += 1) {
      const angle = (2 * Math.PI * side) / SIDES;
      positions.push(radius * Math.cos(angle), height, radius * Math.sin(angle));
      normals.push(outward * Math.cos(angle), upward, outward * Math.sin(angle));
      places.push((2 * side) / SIDES, 1 - ring / (PROFILE.length - 1));
      if (ring === 0 || side === 0) continue;
      const here = ring * (SIDES + 1) + side;
      const below = here - SIDES - 1;
      indices.push(below - 1, here - 1, here, below - 1, here, below);
    }
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    places: Float32Array.from(places),
    indices: Uint16Array.from(indices),
  };
}

function describe(mesh: Mesh, buffer: object, image: object, textureBytes: number | null): object {
  const arrays = [mesh.positions, mesh.normals, mesh.places, mesh.indices];
  const lengths = [...arrays.map(({ byteLength }) => byteLength), ...(textureBytes === null ? [] : [textureBytes])];
  let at = 0;
  const bufferViews = lengths.map((byteLength) => {
    const view = { buffer: 0, byteOffset: at, byteLength };
    at += byteLength + padding(byteLength);
    return view;
  });
  const heights = PROFILE.map(([, height]) => height);
  const widest = Math.max(...PROFILE.map(([radius]) => radius));
  const float = 5126;
  return {
    asset: { version: '2.0', generator: 'Vitrine lab' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, name: 'Vase' }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1, TEXCOORD_0: 2 }, indices: 3, material: 0 }] }],
    materials: [{ doubleSided: true, pbrMetallicRoughness: { baseColorTexture: { index: 0 }, metallicFactor: 0, roughnessFactor: 0.35 } }],
    textures: [{ source: 0 }],
    images: [image],
    accessors: [
      {
        bufferView: 0,
        componentType: float,
        count: mesh.positions.length / 3,
        type: 'VEC3',
        min: [-widest, Math.min(...heights), -widest].map(Math.fround),
        max: [widest, Math.max(...heights), widest].map(Math.fround),
      },
      { bufferView: 1, componentType: float, count: mesh.normals.length / 3, type: 'VEC3' },
      { bufferView: 2, componentType: float, count: mesh.places.length / 2, type: 'VEC2' },
      { bufferView: 3, componentType: 5123, count: mesh.indices.length, type: 'SCALAR' },
    ],
    bufferViews,
    buffers: [buffer],
  };
}

/** Binary glTF, section 4.4. */
function writeGlb(description: object, bin: Buffer): Buffer {
  const json = padded(Buffer.from(JSON.stringify(description)), 0x20);
  const head = Buffer.alloc(12);
  head.write('glTF', 0);
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(12 + 8 + json.length + 8 + bin.length, 8);
  return Buffer.concat([head, chunkHead(json.length, 'JSON'), json, chunkHead(bin.length, 'BIN\0'), bin]);
}

function chunkHead(length: number, type: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(length, 0);
  head.write(type, 4, 'latin1');
  return head;
}

function padding(length: number): number {
  return (4 - (length % 4)) % 4;
}

function padded(bytes: Buffer, filler: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(padding(bytes.length), filler)]);
}
