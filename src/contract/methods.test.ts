import { describe, expect, it } from '@jest/globals';
import { methodsAt } from './methods.ts';

describe('the methods at a path', () => {
  it.each([
    ['/', ['GET', 'HEAD']],
    ['/tasks', ['GET', 'HEAD', 'POST']],
    ['/tasks/upload', ['POST']],
    ['/tasks/uploads', ['DELETE', 'GET', 'HEAD', 'PUT']],
    ['/task-files', ['GET', 'HEAD']],
    ['/task-files/1/redrive', ['POST']],
    ['/task-files/1/fix-file', ['GET', 'HEAD']],
    ['/tasks/', []],
    ['/tasks/1/', []],
    ['/TASKS', []],
    ['/tasks/1/2', []],
    ['/x/tasks', []],
    ['/constructor', []],
    ['', []],
  ])('%j are %j', (path, methods) => expect(methodsAt(path)).toEqual(methods));
});
