import { parseXml, XmlElement, XmlError } from '@rgrove/parse-xml';
import { S3Refusal } from './refusal.ts';

/** Enough for 10,000 parts with a checksum each. */
const XML_MAX_BYTES = 16 * 1024 * 1024;

/** One element of a request, by its name without prefix. */
export interface Xml {
  readonly name: string;
  readonly text: string;
  /** The elements of this name directly below. */
  all(name: string): readonly Xml[];
  /** The text of the first element of this name directly below. */
  textOf(name: string): string | undefined;
}

/**
 * Parses the XML of a request and returns its root. Clients write XML in many ways: with prefixes, numeric references
 * (`&#34;`) or CDATA.
 *
 * @throws S3Refusal `MalformedXML` unless it is XML with this root
 */
export function readXml(body: Buffer, root: string): Xml {
  const found = parse(body);
  if (found.name !== root) throw malformed(`its root is ${found.name}, not ${root}`);
  return found;
}

export const malformed = (what: string): S3Refusal =>
  new S3Refusal(400, 'MalformedXML', `The XML of the request is not what S3 expects: ${what}.`);

function parse(body: Buffer): Xml {
  if (body.length > XML_MAX_BYTES) throw malformed(`it has ${body.length} bytes, and may have ${XML_MAX_BYTES}`);
  try {
    const { root } = parseXml(body.toString('utf8'));
    if (root) return toElement(root);
  } catch (error) {
    // RangeError: the elements are nested too deeply for the stack.
    if (!(error instanceof XmlError || error instanceof RangeError)) throw error;
  }
  throw malformed('it is not well-formed');
}

function toElement(element: XmlElement): Xml {
  const below = element.children.filter((child) => child instanceof XmlElement).map(toElement);
  const all = (name: string): readonly Xml[] => below.filter((child) => child.name === name);
  return {
    name: element.name.replace(/^.*:/, ''),
    text: element.text,
    all,
    textOf: (name) => all(name)[0]?.text,
  };
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Writes a response of S3. */
export const toXml = (root: string, ...content: readonly string[]): string =>
  `${DECLARATION}<${root} xmlns="${NAMESPACE}">${content.join('')}</${root}>`;

/** Writes an element of a response; nothing without a value. */
export const element = (name: string, value: string | number | boolean | undefined): string =>
  value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;

/** Escapes text. Control characters, which keys may have and XML may not, become references, as S3 writes them. */
const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"\u0000-\u001f\u007f]/g, (character) => `&#${character.charCodeAt(0)};`);
