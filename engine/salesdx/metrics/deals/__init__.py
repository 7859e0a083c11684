"""Deals: conversion, maturity, cohorts, the funnel, the check."""
