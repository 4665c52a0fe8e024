import { expect, test } from "vitest";
import { checkPoints, classesOf, readPoints, writePoints } from "../../src/explore/points";

const two = [
  [0.5, -1, 0],
  [2, 3, 1],
];

test.each([
  ["commas", "0.5, -1, 0\n2,3,1"],
  ["semicolons and decimal commas", "0,5;-1;0\n2;3;1\n"],
  ["tabs, a line of names, Windows' ends of lines", "X1\tX2\tclass\r\n0.5\t-1\t0\r\n2\t3\t1\r\n"],
  ["spaces, empty lines, a real minus sign", "\n0.5   −1 0\n\n 2 3  1\n"],
  ["quotes and a byte order mark", '\uFEFF"x","y","c"\n"0.5","-1","0"\n"2","3","1"'],
  ["names of classes, in the order in which they come", "0.5,-1,no\n2,3,yes"],
])("reads lines with %s", (_, text) => expect(readPoints(text)).toEqual(two));

test("classes 1 and 2 stay what they are, and other numbers are counted", () => {
  expect(readPoints("0,0,2\n1,1,1").map((point) => point[2])).toEqual([2, 1]);
  expect(readPoints("0,0,7\n1,1,-1\n2,2,7").map((point) => point[2])).toEqual([0, 1, 0]);
});

test("what it writes it reads", () => {
  expect(readPoints(writePoints(two))).toEqual(two);
  expect(readPoints(writePoints([]))).toEqual([]);
});

test.each([
  ["1, 2", /^Line 1, “1, 2”, has to hold three things, X1, X2 and the class, but holds 2\.$/],
  ["1,2,0\n\n1,2,0,5", /^Line 3, “1,2,0,5”, .* but holds 4\.$/],
  ["1,2,0\nx,2,0", /^Line 2, “x,2,0”, has to begin with two numbers/],
  ["1,,0", /^Line 1, “1,,0”, has to begin with two numbers/],
  ["1,2,0\n1,Infinity,0", /^Line 2, .* two numbers/],
  ["1,2,a\n1,2,b\n1,2,c\n1,2,d", /^There are 4 classes, a, b, c, d …: three are the most\.$/],
])("says what is wrong with %j", (text, message) =>
  expect(() => readPoints(text)).toThrow(message),
);

test("points to train on are of two or three classes, and near", () => {
  checkPoints(two);
  expect([classesOf(two), classesOf([...two, [0, 0, 2]])]).toEqual([2, 3]);
  expect(() => checkPoints([])).toThrow(/at least two classes.*there are no points yet/);
  expect(() => checkPoints([[1, 1, 2]])).toThrow(/there is only class 2/);
  expect(() => checkPoints([...two, [1, 2000, 0]])).toThrow(/Point 3 .*from −1000 to 1000/);
  expect(() => checkPoints([...two, [1, 2, 3]])).toThrow(/a class, 0, 1 or 2, but it is \[1,2,3\]/);
  expect(() => checkPoints([[1, Number.NaN, 0]])).toThrow(/Point 1/);
  expect(() => checkPoints([[1, 2]])).toThrow(/Point 1/);
  expect(() => checkPoints("no" as never)).toThrow(/a list/);
  expect(() => checkPoints(Array(2001).fill([0, 0, 1]))).toThrow(/at most 2000/);
});
