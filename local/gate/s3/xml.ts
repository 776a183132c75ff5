import { parseXml, XmlElement, XmlError } from '@rgrove/parse-xml';
import { S3Refusal } from './refusal.ts';

/** Room for 10,000 parts with a checksum each. */
const XML_MAX_BYTES = 16 * 1024 * 1024;

/** One element of a request, by its name without a prefix. */
export interface Xml {
  readonly name: string;
  readonly text: string;
  /** The elements of this name directly below. */
  all(name: string): readonly Xml[];
  /** The text of the first element of this name directly below. */
  textOf(name: string): string | undefined;
}

/**
 * The root of a request's XML. Clients write it in many ways: with prefixes, with numeric references (`&#34;`), with
 * CDATA.
 *
 * @throws S3Refusal `MalformedXML` unless it is XML with this root
 */
export function requestXml(body: Buffer, root: string): Xml {
  const found = parsed(body);
  if (found.name !== root) throw malformed(`its root is ${found.name}, not ${root}`);
  return found;
}

export const malformed = (what: string): S3Refusal =>
  new S3Refusal(400, 'MalformedXML', `The XML of the request is not what S3 expects: ${what}.`);

function parsed(body: Buffer): Xml {
  if (body.length > XML_MAX_BYTES) throw malformed(`it has ${body.length} bytes, and may have ${XML_MAX_BYTES}`);
  try {
    const { root } = parseXml(body.toString('utf8'));
    if (root) return xmlOf(root);
  } catch (error) {
    // RangeError: elements that nest too deep for the stack.
    if (!(error instanceof XmlError || error instanceof RangeError)) throw error;
  }
  throw malformed('it is not well-formed');
}

function xmlOf(element: XmlElement): Xml {
  const below = element.children.filter((child) => child instanceof XmlElement).map(xmlOf);
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

/** An answer of S3. */
export const sendXml = (root: string, ...content: readonly string[]): string =>
  `${DECLARATION}<${root} xmlns="${NAMESPACE}">${content.join('')}</${root}>`;

/** An element of an answer; without a value there is none. */
export const element = (name: string, value: string | number | boolean | undefined): string =>
  value === undefined ? '' : `<${name}>${escaped(String(value))}</${name}>`;

/** Control characters, which keys may have and XML may not, become references, as S3 writes them. */
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"\u0000-\u001f\u007f]/g, (character) => `&#${character.charCodeAt(0)};`);
